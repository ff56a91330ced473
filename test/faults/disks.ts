/** A full disk as all who write on the host see it, and what is kept of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { internals } from '../../lab/api/internals.ts';
import { lab as bringUp, type Lab } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import type { Fault } from '../../lab/faults/fault.ts';
import { hostOf, shell } from '../lab.ts';

const DISKS = (net: number) => `
lab: disks
networks: { office: 10.${net}.6.0/24 }
hosts:
  files: { service: files, networks: [office], files: { /srv/files/note.txt: "A note." } }
  writer: { command: [sh, -c, "n=0; while sleep 0.05; do n=$((n+1)); echo $n >/tmp/n$n && echo wrote $n || echo no room; done"], networks: [office] }
  bob: { networks: [office] }
steps:
  - fault: { full: files, as: first }
  - fault: { full: writer, as: second }
`;

/** Networks are 10.NET.6.0/24. */
export function disks(engine: Engine, net: number): void {
  describe('a disk that is full', () => {
    let lab: Lab;
    const host = (name: string) => hostOf(lab[internals], name);

    beforeAll(async () => {
      lab = await bringUp(parse(DISKS(net)), { engine });
    });
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
    });

    test('takes no more of anybody, keeps its files, and has room again', async () => {
      const files = host('files');
      const writes = (file: string) => shell(files, `head -c 5000 /dev/zero >${file}`);
      const before = await shell(files, 'df --output=size /srv /tmp');
      await writes('/srv/kept');
      const full = await lab.fault({ full: 'files' });
      expect(await shell(files, 'ls -A /srv /srv/files')).toBe(
        '/srv:\nfiles\nkept\n\n/srv/files:\nnote.txt\n',
      );
      for (const file of ['/srv/more', '/tmp/more'])
        await expect(writes(file)).rejects.toThrow('No space left');
      expect(await shell(files, 'wc -c </srv/kept; cat /srv/files/note.txt')).toBe('5000\nA note.');
      await shell(host('bob'), 'head -c 5000 /dev/zero >/tmp/more');
      await full.heal();
      for (const file of ['/srv/more', '/tmp/more']) await writes(file);
      expect(await shell(files, 'df --output=size /srv /tmp')).toBe(before);
    });

    test('refuses the program too', async () => {
      const said = () => host('writer').words.at(-1);
      await expect.poll(said).toMatch(/^wrote/);
      const full = await lab.fault({ full: 'writer' });
      await expect.poll(said).toBe('no room');
      await full.heal();
      await expect.poll(said).toMatch(/^wrote/);
    });

    test('is not there where the host has no disk of its own', async () => {
      const answer = await lab.fault({ full: 'bob' }).catch((error: Error) => error);
      if (engine.name === 'netns') await (answer as Fault).heal();
      else expect(answer).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('full: bob') });
    });
  });
}

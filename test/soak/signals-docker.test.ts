/** Signals on Docker, and an image's program, which has a process namespace of its own there. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { kill } from '../../lab/faults/kill.ts';
import { pause } from '../../lab/faults/pause.ts';
import { stop } from '../../lab/faults/stop.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { greeting, SERVER, signalContract } from '../faults/signals.ts';
import { hostOf, labOf } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

await signalContract(dockerEngine(), 153);

/** Its first process is a shell that waits, as many images have it. */
const IMAGE = `ARG BASE_IMAGE=node:24-bookworm-slim
FROM \${BASE_IMAGE}
COPY serve.pl /srv/
CMD ["sh", "-c", "trap 'exit 0' TERM; perl /srv/serve.pl 8000 & perl /srv/serve.pl 8001 & wait"]
`;

const { lacking } = await dockerEngine().probe();

describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'an image’s program', () => {
  const ports = [8000, 8001];
  let folder: string;
  let lab: LiveLab;
  const said = () =>
    Promise.all(ports.map((port) => greeting(hostOf(lab, 'asker'), hostOf(lab, 'it'), port)));
  const up = () => expect.poll(said, { timeout: 5000 }).toEqual(['hello', 'hello']);
  const scenario = (net: string) =>
    JSON.stringify({
      lab: 'frozen',
      networks: { net },
      hosts: {
        asker: { networks: ['net'] },
        it: { networks: ['net'], build: folder, ready: { tcp: 8000 } },
      },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lanlab-signals-'));
    await writeFile(join(folder, 'Dockerfile'), IMAGE);
    await writeFile(join(folder, 'serve.pl'), SERVER);
    lab = await labOf(dockerEngine(), scenario('10.153.2.0/24'));
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test('stands still as a whole, and goes on as one', async () => {
    await up();
    const nap = await pause.begin('it', lab.hosts);
    expect(nap.did).toBe('paused the program of it: all of its container is frozen');
    expect(await said()).toEqual(['timeout', 'timeout']);
    await nap.heal();
    await up();
  });

  test.each([
    ['stopped', stop],
    ['killed', kill],
  ])('is %s as a whole, and its ports are free', async (_, fault) => {
    await up();
    const rest = await fault.begin('it', lab.hosts);
    expect(await said()).toEqual(['refused', 'refused']);
    await rest.heal();
    await up();
  });

  test('is killed while it stands still', async () => {
    await up();
    await pause.begin('it', lab.hosts);
    const crash = await kill.begin('it', lab.hosts);
    expect(await said()).toEqual(['refused', 'refused']);
    await crash.heal();
    await up();
  });

  test('that stands still does not keep its lab from being taken down', async () => {
    const other = await labOf(dockerEngine(), scenario('10.153.3.0/24'));
    const { program } = hostOf(other, 'it');
    await pause.begin('it', other.hosts);
    await other[Symbol.asyncDispose]();
    expect(await program!.ended).toMatchObject({ signal: 'SIGKILL' });
  });
});

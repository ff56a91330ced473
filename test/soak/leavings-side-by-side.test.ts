/** Many runs of one scenario side by side on one machine; on Docker, which has a subnet once, they wait for each other. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, lanlab, start } from '../cli/command.ts';
import { enginesHere } from '../engines-here.ts';
import { describeNeeding } from '../needs.ts';

const SCENARIO = `
lab: crowd
networks: { office: 10.86.1.0/24 }
hosts: { echo: { service: tcp-echo, networks: [office] }, alice: { networks: [office] } }
steps:
  - { at: alice, tcp: { to: "echo:9000", send: hello }, expect: { receive: HELLO, seen: echo } }
  - { name: a while, at: alice, exec: sleep 0.5 }
`;

for (const { engine, report } of await enginesHere()) {
  const { name } = engine;
  if (name === 'compose') continue;
  const missing = report.lacking && `${report.lacking.why}; ${report.lacking.hint}`;
  describeNeeding(name, missing, `side by side on ${name}`, () => {
    let folder: string;
    let file: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lanlab-crowd-'));
      file = join(folder, 'crowd.yaml');
      await writeFile(file, SCENARIO);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const times = name === 'netns' ? 12 : 4;
    test(`${times} runs of one scenario all hold`, async () => {
      const run = () => lanlab('run', file, '--engine', name, '--on-conflict', 'wait');
      const all = await Promise.all(Array.from({ length: times }, run));
      const troubles = all.filter(({ exit }) => exit !== 0).map(({ stdout, stderr }) => stdout + stderr);
      expect(troubles).toEqual([]);
    }, 300_000);

    if (name === 'docker')
      test('a second one is refused with the name of the first', async () => {
        const long = join(folder, 'long.yaml');
        await writeFile(long, SCENARIO.replace('sleep 0.5', 'sleep 60'));
        const first = start(['run', long, '--engine', name]);
        await first.printed('alice'); // The hosts are up.
        const second: Ended = await lanlab('run', file, '--engine', name);
        expect(second.exit).toBe(3);
        expect(second.stderr).toMatch(
          /the subnet 10\.86\.1\.0\/24 of office is taken: the lab crowd \(crowd-\w+\) uses it/,
        );
        expect(second.stderr).toContain('--on-conflict wait');
        first.child.kill('SIGINT');
        expect((await first.ended).exit).toBe(130);
      }, 60_000);
  });
}

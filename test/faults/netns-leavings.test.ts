/** A stopped process takes no signal but two, and a thread carries frames: a lab with such faults ends with its owner all the same. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { descendants, running, start } from '../cli/command.ts';
import { networkNamespaces } from '../namespaces.ts';
import { describeNeeding } from '../needs.ts';
import { groupsOf } from './slow.ts';

const { lacking } = await netnsEngine().probe();

const PAUSED = `
lab: paused
networks: { office: 10.81.9.0/24 }
hosts: { echo: { service: tcp-echo, networks: [office] }, alice: { networks: [office] } }
steps:
  - fault: { loss: 10%, on: [alice, echo] }
  - fault: { slow: { host: echo, cpu: 50% } }
  - fault: { pause: echo }
  - at: alice
    exec: { run: sleep 60, give_up: 1m }
`;

describeNeeding('netns', lacking?.why, 'a lab on namespaces with a paused and slow program', () => {
  test('leaves nothing after kill -9 of the command', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lanlab-paused-'));
    const file = join(folder, 'paused.yaml');
    await writeFile(file, PAUSED);
    const command = start(['run', file, '--engine', 'netns']);
    await command.printed('is stopped');
    const below = descendants(command.pid);
    using namespaces = networkNamespaces(below);
    expect(namespaces.size).toBe(3);
    command.child.kill('SIGKILL');
    await command.ended;
    await expect.poll(() => namespaces.stillUsed(), { timeout: 5_000 }).toEqual([]);
    await expect.poll(() => running(below), { timeout: 5_000 }).toEqual([]);
    await netnsEngine().sweep([]);
    expect(await groupsOf(command.pid)).toEqual([]);
    await rm(folder, { recursive: true });
  }, 60_000);
});

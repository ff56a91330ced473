/** Machines that a fault splits from each other: every frame between them is lost, also of a MAC that no plan has. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lab } from '../../lab/index.ts';
import { lanlab } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { lacking, leftovers, pointToManager } from './nodes.ts';

vi.setConfig({ testTimeout: 240_000 });

const HOSTS = `
lab: split
networks: { lan: 10.174.1.0/24, far: 10.174.2.0/24 }
hosts:
  alice: { networks: [lan], on: a }
  bob: { networks: [lan], on: b }
  echo: { service: udp-echo, networks: [far], on: b }
  gw: { forward: true, networks: { lan: 10.174.1.1, far: 10.174.2.1 }, on: c }
`;
const LAB = `${HOSTS}
steps:
  - { name: whole, at: alice, ping: { to: bob } }
  - { fault: { cut: { nodes: [a, b] }, as: split } }
  - { name: lost, at: alice, ping: { to: bob, give_up: 1s }, expect: { fails: timeout } }
  - name: told
    at: alice
    ping: { to: bob, give_up: 1s }
    expect: { wire: [{ at: bob, in_order: ["icmp alice > bob echo-request"] }] }
  - name: by a router on the third machine
    at: alice
    udp: { to: "echo:9000", send: hello }
    expect: { receive: HELLO }
  - name: nothing arrives
    at: alice
    ping: { to: bob, give_up: 1s }
    expect: { fails: timeout, wire: [{ at: bob, never: ["icmp alice > bob"] }] }
  - { name: another MAC, at: alice, exec: { run: ip link set eth0 address 02:00:00:00:00:77 } }
  - { name: is lost too, at: alice, exec: { run: ping -c1 -W1 bob }, expect: { fields: { exit: 1 } } }
  - { heal: split }
  - { name: heals, at: alice, exec: { run: ping -c1 -W5 bob } }
`;

describeNeeding('swarm', lacking, 'machines that are split', () => {
  let folder: string;
  const file = async (text: string) => {
    const path = join(folder, 'split.yaml');
    await writeFile(path, text);
    return path;
  };

  beforeAll(async () => {
    pointToManager();
    folder = await mkdtemp(join(tmpdir(), 'lanlab-split-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lose every frame between them until they are healed, and the cause names the step', async () => {
    const { stdout, stderr } = await lanlab('run', await file(LAB), '--engine', 'swarm', '--json', '-');
    expect(stderr).not.toContain('bug');
    const { steps } = JSON.parse(stdout).runs[0] as {
      steps: { name: string; status: string; checks: { held: boolean; why?: string }[] }[];
    };
    const wrong = steps.filter(({ status }) => status !== 'held');
    expect(wrong.map(({ name }) => name)).toEqual(['told']);
    expect(wrong[0]!.checks.find(({ held }) => !held)!.why).toMatch(/cut by step 2/);
    await expect.poll(() => leftovers('split'), { timeout: 90_000 }).toEqual([]);
  });

  test('are named, or the lab does not come up', async () => {
    const path = await file(LAB.replace('nodes: [a, b]', 'nodes: [a, nowhere]'));
    const { exit, stderr } = await lanlab('run', path, '--engine', 'swarm');
    expect(stderr).toContain('no node is called nowhere');
    expect(stderr).toContain('nodes are a, b, c');
    expect(exit).toBe(2);
  });

  test('are split from the library too', async () => {
    await using net = await lab(await file(`${HOSTS}steps: []\n`), { engine: 'swarm' });
    const { alice, bob } = { alice: net.host('alice'), bob: net.host('bob') };
    await alice.ping(bob.name);
    await expect(net.cut({ nodes: ['a', 'nowhere'] })).rejects.toThrow('no node is called nowhere');
    const fault = await net.cut({ nodes: ['a', ['b']] });
    await expect(alice.ping(bob.name, { giveUp: 1_000 })).rejects.toMatchObject({ kind: 'timeout' });
    await fault.heal();
    await alice.ping(bob.name);
  });
});

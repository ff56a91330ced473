/** One LAN over three machines: runs, what is on the wire of each, mistakes, and what is left. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lanlab, start } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { engineOf, lacking, leftovers, MACHINES, pointToManager } from './nodes.ts';

vi.setConfig({ testTimeout: 240_000 });

const LAB = `
lab: spread
networks: { lan: 10.167.1.0/24, far: 10.167.2.0/24 }
hosts:
  gw: { forward: true, networks: { lan: 10.167.1.1, far: 10.167.2.1 }, on: b }
  echo: { service: tcp-echo, networks: [far], on: c }
  bounce: { service: udp-echo, networks: [lan], on: b }
  alice: { networks: [lan], on: a }
  bob: { networks: [lan], on: c }
steps:
  - name: a router on another machine leads to a third one
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect:
      receive: HELLO
      seen: echo
      wire:
        - { in_order: ["tcp alice > echo SYN ttl=64"] }
        - { at: echo, in_order: ["tcp alice > echo SYN ttl=63"] }
  - name: a broadcast comes to every machine
    at: alice
    udp: { to: "broadcast:9000", send: hello }
    expect: { receive: HELLO, wire: [{ at: bob, in_order: ["udp alice > broadcast:9000"] }] }
  - name: ARP is answered by the host itself
    at: alice
    before: [{ forget: neighbours }]
    ping: { to: bob }
    expect: { wire: ["arp alice > broadcast who-has bob", "arp bob > alice is-at bob"] }
  - { fault: { cut: [alice, bounce], as: gap } }
  - { name: a cut holds, at: alice, udp: { to: "bounce:9000", send: hello }, expect: { receive: { nothing: true }, for: 300ms } }
  - { heal: gap }
  - { name: and is healed, at: alice, udp: { to: "bounce:9000", send: hello }, expect: { receive: HELLO } }
  - { fault: { delay: 20ms, on: [alice, bob] } }
  - { name: a link between machines has a delay, at: alice, ping: { to: bob }, expect: { fields: { rtt: ">= 40" } } }
`;

/** A lab whose last step takes long, on all three machines. */
const LONG = `
lab: long
networks: { lan: 10.168.1.0/24 }
hosts: { alice: { networks: [lan], on: a }, bob: { networks: [lan], on: b }, carol: { networks: [lan], on: c } }
steps:
  - { name: first, at: alice, ping: { to: carol } }
  - { name: last, at: carol, exec: { run: sleep 300, give_up: 5m } }
`;

describeNeeding('swarm', lacking, 'a lab over three machines', () => {
  let folder: string;
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const nothingIsLeft = () => expect.poll(leftovers, { timeout: 90_000 }).toEqual([]);

  beforeAll(async () => {
    pointToManager();
    folder = await mkdtemp(join(tmpdir(), 'lanlab-machines-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is one LAN: routers, broadcast, ARP, cuts and links hold across machines, and nothing is left', async () => {
    const path = await file('spread.yaml', LAB);
    const { exit, stdout, stderr } = await lanlab('run', path, '--engine', 'swarm', '--json', '-');
    expect(stderr).not.toContain('bug');
    const [run] = JSON.parse(stdout).runs;
    expect(run.steps.filter(({ status }: { status: string }) => status !== 'held')).toEqual([]);
    expect(exit).toBe(0);
    const nodes = run.hosts.map(({ name, node }: { name: string; node: string }) => [name, node]);
    expect(Object.fromEntries(nodes)).toEqual({ gw: 'b', echo: 'c', bounce: 'b', alice: 'a', bob: 'c' });
    await nothingIsLeft();
  });

  test('runs on machines that are listed, without the Swarm', async () => {
    const path = await file('spread.yaml', LAB);
    const { exit, stdout } = await lanlab('run', path, '--engine', 'swarm', '--machines', MACHINES);
    expect(stdout).toMatch(/steps held/);
    expect(exit).toBe(0);
    await nothingIsLeft();
  });

  test.each([
    ['any machine', LONG],
    ['the manager, where no host is', LONG.replace('on: a', 'on: b')],
  ])('whose command is killed leaves nothing on %s', async (_, text) => {
    const command = start(['run', await file('long.yaml', text), '--engine', 'swarm']);
    await command.printed('1 first');
    command.child.kill('SIGKILL');
    await command.ended;
    await nothingIsLeft();
  });

  test('whose command is killed leaves nothing, though the next one comes at once', async () => {
    const command = start(['run', await file('long.yaml', LONG), '--engine', 'swarm']);
    await command.printed('1 first');
    command.child.kill('SIGKILL');
    const next = LONG.replaceAll('10.168.', '10.169.').replace('sleep 300', 'sleep 0');
    const { exit, stderr } = await lanlab('run', await file('next.yaml', next), '--engine', 'swarm');
    expect(stderr).not.toContain('Docker could not');
    expect(exit).toBe(0);
    await nothingIsLeft();
  });

  test('that stays is up, and is not changed by an edit', async () => {
    const path = await file('stays.yaml', LAB);
    const env = { LANLAB_STATE: join(folder, 'state') };
    expect(await start(['up', path, '--engine', 'swarm'], env).ended).toMatchObject({ exit: 0 });
    const { stdout } = await start(['exec', 'alice', '--', 'ping', '-c1', 'echo'], env).ended;
    expect(stdout).toContain('1 received');
    await file(
      'stays.yaml',
      LAB.replace(
        'bob: { networks: [lan], on: c }',
        'bob: { networks: [lan], on: c }\n  dave: { networks: [lan] }',
      ),
    );
    const edited = await start(['up', path, '--engine', 'swarm'], env).ended;
    expect(edited.stderr).toContain('do not come, go or move');
    expect(edited.exit).not.toBe(0);
    expect(await start(['down'], env).ended).toMatchObject({ exit: 0 });
    await nothingIsLeft();
  });

  test('says which machine is gone, within seconds, and takes down the others', async () => {
    const command = start(['run', await file('long.yaml', LONG), '--engine', 'swarm']);
    await command.printed('1 first');
    // As a machine that loses its network: its keeper hears nothing, and is not heard.
    const [keeper] = await engineOf('c').listContainers({ filters: { label: ['lanlab.keeper'] } });
    await engineOf('c').getContainer(keeper!.Id).pause();
    const { exit, stderr } = await command.ended;
    expect(stderr).toMatch(/the node c is gone: nothing of it is heard since \d\d:\d\d:\d\d/);
    expect(exit).not.toBe(0);
    await engineOf('c').getContainer(keeper!.Id).unpause();
    await nothingIsLeft();
  });

  test('is refused where an MTU is larger than the machines carry, with the numbers', async () => {
    const path = await file(
      'large.yaml',
      LAB.replace('far: 10.167.2.0/24', 'far: { subnet: 10.167.2.0/24, mtu: 1500 }'),
    );
    const { exit, stderr } = await lanlab('run', path, '--engine', 'swarm');
    expect(stderr).toMatch(/`far` has an MTU of 1500, and from \w to \S+ at most 1450 bytes pass/);
    expect(exit).not.toBe(0);
    await nothingIsLeft();
  });

  test('is refused where `on` names no machine', async () => {
    const path = await file('nowhere.yaml', LAB.replace('on: a', 'on: nowhere'));
    const { exit, stderr } = await lanlab('run', path, '--engine', 'swarm');
    expect(stderr).toContain('alice is to stand on nowhere, and no node is called nowhere');
    expect(stderr).toContain('nodes are a, b, c');
    expect(exit).not.toBe(0);
  });

  test('is refused by a worker, with the way to a manager', async () => {
    const worker = { DOCKER_HOST: `unix:///run/lanlab-swarm/b/docker.sock` };
    const { exit, stderr } = await start(['run', 'scenarios/01-lan.yaml', '--engine', 'swarm'], worker).ended;
    expect(stderr).toContain('is a worker of its Swarm, not a manager');
    expect(exit).toBe(3);
  });
});

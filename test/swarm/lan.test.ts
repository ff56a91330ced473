/** One LAN over three machines: runs, what is on the wire of each, mistakes, and what is left. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lanlab, start } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { engineOf, lacking, leftovers, MACHINES, openPort, pointToManager, shutPort } from './nodes.ts';

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

/** A lab that is edited: its program stays where it is. */
const STAYS = (hosts: string) => `
lab: spread
networks: { lan: 10.170.1.0/24, far: 10.170.2.0/24 }
hosts:
  echo: { service: tcp-echo, networks: [far], on: b }
  ${hosts}
`;

describeNeeding('swarm', lacking, 'a lab over three machines', () => {
  let folder: string;
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const nothingIsLeft = () => expect.poll(() => leftovers('spread', 'long'), { timeout: 90_000 }).toEqual([]);

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

  test('says before it is up which machine will hold each host, and afterwards which one does', async () => {
    const env = { LANLAB_STATE: join(folder, 'planned') };
    const path = await file(
      'planned.yaml',
      STAYS('alice: { networks: [lan] }\n  bob: { networks: [lan], on: c }'),
    );
    const holders = (text: string) =>
      [...text.matchAll(/(echo|alice|bob) .*on ([abc])\b/g)].map(([, host, on]) => `${host} on ${on}`);
    const planned = await lanlab('graph', path, '--engine', 'swarm');
    expect(planned.exit).toBe(0);
    expect(holders(planned.stdout)).toEqual(
      expect.arrayContaining(['echo on b', 'bob on c', expect.stringMatching(/^alice on/)]),
    );
    const listed = await lanlab('graph', path, '--engine', 'swarm', '--machines', MACHINES);
    expect(holders(listed.stdout)).toEqual(holders(planned.stdout));
    expect(await start(['up', path, '--engine', 'swarm'], env).ended).toMatchObject({ exit: 0 });
    const { stdout } = await start(['inspect', 'spread'], env).ended;
    expect(holders(stdout)).toEqual(holders(planned.stdout));
    expect(await start(['down', 'spread'], env).ended).toMatchObject({ exit: 0 });
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

  test('of two whose commands are killed one after the other leaves nothing, and the other stays meanwhile', async () => {
    const [one, two] = await Promise.all(
      [
        ['one', '10.171.'],
        ['two', '10.172.'],
      ].map(async ([name, net]) => {
        const text = LONG.replace('lab: long', `lab: ${name}`).replace('10.168.', net!);
        const command = start(['run', await file(`${name}.yaml`, text), '--engine', 'swarm']);
        await command.printed('1 first');
        return command;
      }),
    );
    one!.child.kill('SIGKILL');
    await expect.poll(() => leftovers('one'), { timeout: 90_000 }).toEqual([]);
    const left = await leftovers('two');
    for (const part of ['-alice', '-bob', '-carol', '.keeper', '-gate', '-lanlab-'])
      expect(left.join('\n')).toContain(part);
    two!.child.kill('SIGKILL');
    await expect.poll(() => leftovers('two'), { timeout: 90_000 }).toEqual([]);
  });

  test('whose command is stopped until its lease is over says so', async () => {
    const command = start(['run', await file('long.yaml', LONG), '--engine', 'swarm']);
    await command.printed('1 first');
    command.child.kill('SIGSTOP');
    try {
      await expect
        .poll(() => leftovers('long').then((left) => left.length), { timeout: 120_000 })
        .toBeLessThan(5);
    } finally {
      command.child.kill('SIGCONT');
    }
    const { exit, stdout, stderr } = await command.ended;
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /the lab is gone: the command was stopped for \d+ s, longer than a minute/,
    );
    expect(stderr).not.toContain('bug');
    expect(exit).toBe(1);
    await nothingIsLeft();
  });

  test('whose command is stopped for a short while goes on', async () => {
    const text = LONG.replace('sleep 300', 'sleep 20');
    const command = start(['run', await file('long.yaml', text), '--engine', 'swarm']);
    await command.printed('1 first');
    command.child.kill('SIGSTOP');
    // Longer than a node may be silent.
    await pause(12_000);
    command.child.kill('SIGCONT');
    expect(await command.ended).toMatchObject({ exit: 0 });
  });

  test('that stays is up, and hosts come and go on every machine after an edit', async () => {
    const env = { LANLAB_STATE: join(folder, 'state') };
    const path = await file('stays.yaml', STAYS('alice: { networks: [lan], on: a }'));
    const up = () => start(['up', path, '--engine', 'swarm'], env).ended;
    const ping = (from: string, to: string) =>
      start(['exec', from, '--', 'ping', '-c1', '-W5', to], env).ended;
    expect(await up()).toMatchObject({ exit: 0 });
    // A machine that had nothing of the lab, and one that had nothing of the network.
    await file(
      'stays.yaml',
      STAYS(
        'alice: { networks: [lan], on: a }\n  dave: { networks: [lan, far], on: c }\n  bob: { networks: [lan] }',
      ),
    );
    expect(await up()).toMatchObject({ exit: 0 });
    for (const [from, to] of [
      ['alice', 'dave'],
      ['dave', 'echo'],
      ['bob', 'dave'],
    ])
      expect((await ping(from!, to!)).stdout, `${from} > ${to}`).toContain('1 received');
    await file('stays.yaml', STAYS('dave: { networks: [lan, far], on: c }'));
    expect(await up()).toMatchObject({ exit: 0 });
    expect((await ping('dave', 'echo')).stdout).toContain('1 received');
    expect((await ping('echo', 'alice')).exit).not.toBe(0);
    expect(await start(['down'], env).ended).toMatchObject({ exit: 0 });
    await nothingIsLeft();
  });

  test('says which machine is gone, within seconds, and takes down the others', async () => {
    const command = start(['run', await file('long.yaml', LONG), '--engine', 'swarm']);
    await command.printed('1 first');
    // As a machine that loses its network: its keeper hears nothing, and is not heard.
    const [keeper] = await engineOf('c').listContainers({ filters: { label: ['lanlab.keeper'] } });
    await engineOf('c').getContainer(keeper!.Id).pause();
    const { exit, stdout } = await command.ended;
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /the node c is gone: nothing of it is heard since \d\d:\d\d:\d\d/,
    );
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

  test("is refused where VXLAN's port is shut between two machines, with the pair and the port", async () => {
    const path = await file('shut.yaml', LAB);
    await shutPort('b', 'a');
    try {
      const { exit, stderr } = await lanlab('run', path, '--engine', 'swarm');
      expect(stderr).toContain('the port of VXLAN is shut: UDP 14789 does not come from a to b\n');
      expect(stderr).toContain('open UDP port 14789 between the machines');
      expect(exit).toBe(3);
      await nothingIsLeft();
    } finally {
      await openPort('b');
    }
  });

  test('is refused where `on` names no machine', async () => {
    const path = await file('nowhere.yaml', LAB.replace('on: a', 'on: nowhere'));
    const { exit, stderr } = await lanlab('run', path, '--engine', 'swarm');
    expect(stderr).toContain('alice is to stand on nowhere, and no node is called nowhere');
    expect(stderr).toContain('nodes are a, b, c');
    expect(exit).not.toBe(0);
  });

  test('is refused where a listed machine does not answer, with its name and its endpoint', async () => {
    const machines = `a=unix:///run/lanlab-swarm/a/docker.sock,z=unix:///run/lanlab-swarm/z/docker.sock`;
    const run = ['run', 'scenarios/01-lan.yaml', '--engine', 'swarm', '--machines', machines];
    const { exit, stderr } = await lanlab(...run);
    expect(stderr).toContain('no Docker Engine answers at z, unix:///run/lanlab-swarm/z/docker.sock');
    expect(stderr).toContain('leave z out of the machines');
    expect(exit).toBe(3);
  });

  test('is refused by a worker, with the way to a manager', async () => {
    const worker = { DOCKER_HOST: `unix:///run/lanlab-swarm/b/docker.sock` };
    const { exit, stderr } = await start(['run', 'scenarios/01-lan.yaml', '--engine', 'swarm'], worker).ended;
    expect(stderr).toContain('is a worker of its Swarm, not a manager');
    expect(exit).toBe(3);
  });
});

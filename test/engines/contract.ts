/**
 * What every engine must do: the same hosts, the same silence, the same behaviour of a cut cable. One suite, run
 * against each engine by its own test file.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NetworkFailure } from '../../lab/agent/protocol.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, look, planOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

/** Networks of the suite are 10.NET.1.0/24 and 10.NET.2.0/24, so that two engines can be tested side by side. */
export async function contract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `the engine ${engine.name}`, () => suite(engine, net));
}

function scenario(net: number): string {
  return `
lab: contract
networks: { office: 10.${net}.1.0/24, store: 10.${net}.2.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { store: 10.${net}.2.10, office: 10.${net}.1.10 } }
  bounce: { service: udp-echo, networks: { office: 10.${net}.1.11 } }
  alice: { networks: { office: 10.${net}.1.21 }, files: { /srv/notes/hello.txt: hello from alice } }
  bob: { networks: { store: 10.${net}.2.22 } }
  shy: { command: [sh, -c, "grep Cap /proc/self/status; id -u; cat /srv/a.txt; exec sleep 1000"], networks: [office], files: { /srv/a.txt: "of shy\\n" } }
`;
}

function suite(engine: Engine, net: number): void {
  const office = (host: number) => `10.${net}.1.${host}`;
  let lab: LiveLab;
  let [echo, alice, bob, shy]: LiveHost[] = [];

  beforeAll(async () => {
    lab = await labOf(engine, scenario(net));
    [echo, alice, bob, shy] = ['echo', 'alice', 'bob', 'shy'].map((name) => hostOf(lab, name));
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  test('a host has the cards of its plan, named in the order written, up and with their addresses', async () => {
    const found = await echo!.agent.interfaces();
    const planned = echo!.plan.interfaces.map(({ name, mac, addresses }) => ({
      name,
      mac,
      up: true,
      carrier: true,
      mtu: engine.mtu ?? 1500,
      addresses: addresses.map(({ address, prefix }) => ({ address, prefix })),
    }));
    expect(found).toEqual(planned);
    expect(planned.map(({ name, addresses }) => [name, addresses[0]?.address])).toEqual([
      ['eth0', `10.${net}.2.10`],
      ['eth1', office(10)],
    ]);
  });

  test('a host has no route but those to its own networks', async () => {
    const routes = await echo!.agent.routes();
    expect(routes.map(({ to, via }) => [to, via]).sort()).toEqual([
      [`10.${net}.1.0/24`, undefined],
      [`10.${net}.2.0/24`, undefined],
    ]);
  });

  test('names of the lab resolve from the hosts file, and nothing else resolves', async () => {
    expect(await shell(alice!, 'getent ahostsv4 echo | head -1')).toContain(office(10));
    expect(await shell(alice!, 'getent hosts no-such-host || echo none')).toBe('none\n');
    expect(await shell(alice!, 'grep -c "^nameserver" /etc/resolv.conf || true')).toBe('0\n');
  });

  test('each host is called by its own name', async () => {
    expect(await shell(alice!, 'uname -n')).toBe('alice\n');
    expect(await shell(bob!, 'uname -n')).toBe('bob\n');
  });

  test('a file of the scenario is on its host and on no other', async () => {
    expect(await shell(alice!, 'cat /srv/notes/hello.txt')).toBe('hello from alice');
    expect(await shell(bob!, 'test -e /srv/notes/hello.txt || echo none')).toBe('none\n');
  });

  test('hosts do not share /tmp or processes', async () => {
    await shell(alice!, 'echo mine > /tmp/mine');
    expect(await shell(bob!, 'ls /tmp/mine 2>/dev/null || echo none')).toBe('none\n');
    expect(await shell(bob!, 'ls -d /proc/[0-9]* | wc -l').then(Number)).toBeLessThan(12);
  });

  test('a program runs without a single capability and reads its files', async () => {
    await expect.poll(() => shy!.words.length).toBeGreaterThanOrEqual(7);
    expect(
      shy!.words.filter((line) => /^Cap(Prm|Eff|Bnd)/.test(line)).map((line) => line.split('\t')[1]),
    ).toEqual(Array(3).fill('0000000000000000'));
    expect(shy!.words).toContain('of shy');
    // Rootless there is but one user, and root is only its name in there.
    expect(shy!.words).toContain(process.getuid!() === 0 || engine.name !== 'netns' ? '65534' : '0');
  });

  test('the program has moved into its host: the agent sees it listen, clients reach it', async () => {
    const listening = await echo!.agent.sockets();
    expect(
      listening
        .filter(({ state }) => state === 'LISTEN')
        .map(({ local }) => local.port)
        .sort(),
    ).toEqual([7, 9000]);
    const { handle, local } = await alice!.agent.tcpConnect({
      to: { address: office(10), port: 9000 },
      giveUp: 2000,
    });
    await alice!.agent.tcpSend({ handle, bytes: Buffer.from('hello'), giveUp: 2000 });
    const { bytes } = await alice!.agent.tcpReceive({ handle, max: 100, giveUp: 2000 });
    expect(Buffer.from(bytes).toString()).toBe('HELLO');
    const seen = await echo!.events.first(
      ({ event, peer }) => event === 'accept' && peer?.port === local.port && peer.address === office(21),
      2000,
    );
    expect(seen?.local).toEqual({ address: office(10), port: 9000 });
    await alice!.agent.close({ handle });
  });

  test('networks are apart: bob in the store has no way to alice in the office', async () => {
    const connect = bob!.agent.tcpConnect({ to: { address: office(21), port: 9000 }, giveUp: 2000 });
    await expect(connect).rejects.toMatchObject({ data: { kind: 'unreachable', errno: 'ENETUNREACH' } });
  });

  test('a closed port is refused, and the kernel says so', async () => {
    const connect = alice!.agent.tcpConnect({ to: { address: office(10), port: 9999 }, giveUp: 2000 });
    await expect(connect).rejects.toBeInstanceOf(NetworkFailure);
    await expect(connect).rejects.toMatchObject({ data: { kind: 'refused', errno: 'ECONNREFUSED' } });
  });

  test('a broadcast is heard, and answered from the host’s own address', async () => {
    const to = { address: `10.${net}.1.255`, port: 9000 };
    const { handle } = await alice!.agent.udpOpen({ to });
    await alice!.agent.udpSend({ handle, bytes: Buffer.from('who is there') });
    const { from, bytes } = await alice!.agent.udpReceive({ handle, giveUp: 2000 });
    expect([from, Buffer.from(bytes).toString()]).toEqual([
      { address: office(11), port: 9000 },
      'WHO IS THERE',
    ]);
    await alice!.agent.close({ handle });
  });

  test('a cut is of the cable: no error at the sender, the frame leaves there and never arrives', async () => {
    // Known neighbours, so that it is the datagram that leaves and not a question for the MAC.
    const { handle } = await alice!.agent.udpOpen({ to: { address: office(10), port: 9000 } });
    await shell(alice!, `ping -c1 ${office(10)}`);
    await echo!.agent.cut({ id: 'gap', from: [{ mac: alice!.plan.interfaces[0]!.mac }] });
    await alice!.agent.cut({ id: 'gap', from: [{ mac: echo!.plan.interfaces[1]!.mac }] });
    const [here, there] = await Promise.all([look(alice!), look(echo!, 'eth1')]);
    await alice!.agent.udpSend({ handle, bytes: Buffer.from('into the gap') });
    const connect = alice!.agent.tcpConnect({ to: { address: office(10), port: 9000 }, giveUp: 300 });
    await expect(connect).rejects.toMatchObject({ data: { kind: 'timeout' } });
    const [left, arrived] = await Promise.all([here.stop(), there.stop()]);
    expect(left.filter((line) => line.includes('UDP, length 12'))).toHaveLength(1);
    expect(left.some((line) => line.includes('Flags [S]'))).toBe(true);
    expect(arrived).toEqual([]);
    await Promise.all([echo!, alice!].map((host) => host.agent.heal({ id: 'gap' })));
    await shell(alice!, `ping -c1 -W10 ${office(10)}`);
    await alice!.agent.close({ handle });
  });

  test('a cut takes ARP too', async () => {
    await echo!.agent.cut({ id: 'arp', from: [{ mac: alice!.plan.interfaces[0]!.mac }] });
    await shell(alice!, 'ip neigh flush dev eth0');
    const [here, there] = await Promise.all([look(alice!), look(echo!, 'eth1')]);
    const connect = alice!.agent.tcpConnect({ to: { address: office(10), port: 9000 }, giveUp: 300 });
    await expect(connect).rejects.toMatchObject({ data: { kind: 'timeout' } });
    const [left, arrived] = await Promise.all([here.stop(), there.stop()]);
    expect(left[0]).toContain(`Request who-has ${office(10)} tell ${office(21)}`);
    expect(arrived).toEqual([]);
    await echo!.agent.heal({ id: 'arp' });
  });

  test('with nothing going on, 5 s on the wire of a lab hold not one frame', async () => {
    await Promise.all([...lab.hosts.values()].map((host) => shell(host, 'ip neigh flush all')));
    const eyes = await Promise.all([...lab.hosts.values()].map((host) => look(host)));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const frames = await Promise.all(eyes.map((eye) => eye.stop()));
    expect(frames.flat()).toEqual([]);
  });

  test('a mistyped name puts nothing on the wire', async () => {
    const eye = await look(alice!);
    await shell(alice!, 'getent hosts ecko || true');
    expect(await eye.stop()).toEqual([]);
  });

  if (engine.never.signals) refusesSignals(engine, `10.${net}.3.0/24`);
  else takesSignals(engine, net);

  test('a program that ends at once is told with its own words', async () => {
    const failing = labOf(
      engine,
      `{ lab: short, networks: { net: 10.${net}.5.0/24 },
         hosts: { echo: { service: tcp-echo, env: { PORT_ECHO: seven }, networks: [net] } } }`,
    );
    await expect(failing).rejects.toThrow(
      /the program of echo ended at once \(exit code 1\): .*PORT_ECHO.*seven/,
    );
  });

  test('bringing up is given up when it is interrupted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const options = { progress: () => controller.abort(reason), signal: controller.signal };
    await expect(engine.up(planOf(scenario(net + 1)), options)).rejects.toThrow();
  });
}

/** Of an engine that can signal programs. */
function takesSignals(engine: Engine, net: number): void {
  test('a program can be killed; its host stays as it was', async () => {
    await using other = await labOf(
      engine,
      `{ lab: short, networks: { net: 10.${net}.3.0/24 }, hosts: { echo: { service: tcp-echo, networks: [net] } } }`,
    );
    const host = hostOf(other, 'echo');
    await host.program!.signal('SIGKILL');
    expect(await host.program!.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await host.agent.interfaces()).toHaveLength(1);
    expect((await host.agent.sockets()).filter(({ state }) => state === 'LISTEN')).toEqual([]);
  });

  test('a program ends in order when told to', async () => {
    await using other = await labOf(
      engine,
      `{ lab: short, networks: { net: 10.${net}.4.0/24 }, hosts: { clock: { service: time, networks: [net] } } }`,
    );
    const { program } = hostOf(other, 'clock');
    await program!.signal('SIGTERM');
    expect(await program!.ended).toEqual({ exit: 0, signal: null });
  });
}

/** Of one that declares that it never can. */
function refusesSignals(engine: Engine, subnet: string): void {
  test('a signal to a program is refused with the reason, and the program goes on', async () => {
    await using other = await labOf(
      engine,
      `{ lab: short, networks: { net: ${subnet} }, hosts: { echo: { service: tcp-echo, networks: [net] } } }`,
    );
    const host = hostOf(other, 'echo');
    await expect(host.program!.signal('SIGKILL')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(engine.never.signals!),
    });
    expect((await host.agent.sockets()).filter(({ state }) => state === 'LISTEN')).toHaveLength(2);
  });
}

/**
 * What faults must do on every engine (law 3): the sender is told nothing and its frames leave; the other side sees
 * nothing; and what is healed is as it was. Seen by raw looks at both ends.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentCalls, SocketState } from '../../lab/agent/protocol.ts';
import { internals } from '../../lab/api/internals.ts';
import { lab as bringUp } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { cut } from '../../lab/faults/cut.ts';
import { kill } from '../../lab/faults/kill.ts';
import { pause } from '../../lab/faults/pause.ts';
import type { Side } from '../../lab/faults/sides.ts';
import { startProgram } from '../../lab/faults/start.ts';
import { stop } from '../../lab/faults/stop.ts';
import { unplug } from '../../lab/faults/unplug.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, look, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';
import { clocks } from './clocks.ts';
import { disks } from './disks.ts';
import { failedMoves } from './failed-moves.ts';
import { slowPrograms } from './slow.ts';

/** Networks are 10.NET.x.0/24. */
export async function faultContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `faults on ${engine.name}`, () => {
    cables(engine, net);
    if (engine.never.changes === undefined) places(engine, net);
    if (engine.never.changes === undefined) failedMoves(engine, net);
    if (engine.never.disks === undefined) disks(engine, net);
    if (engine.never.signals === undefined) programs(engine, net);
    if (engine.never.signals === undefined) slowPrograms(engine, net);
  });
}

const CABLES = (net: number) => `
lab: cables
networks: { office: 10.${net}.1.0/24, store: 10.${net}.2.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.${net}.1.10 } }
  bounce: { service: udp-echo, networks: { office: 10.${net}.1.11 } }
  clock: { service: time, networks: { office: 10.${net}.1.12 } }
  router: { networks: { office: 10.${net}.1.30, store: 10.${net}.2.30 } }
  shelf: { networks: { store: 10.${net}.2.40 } }
  alice: { networks: { office: 10.${net}.1.21 } }
  bob: { networks: { office: 10.${net}.1.22 } }
`;

function cables(engine: Engine, net: number): void {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);
  const address = (last: number) => `10.${net}.1.${last}`;
  const both = (from: Side, to: Side) => cut.begin({ from, to, ways: 'both' }, lab.hosts);

  beforeAll(async () => {
    lab = await labOf(engine, CABLES(net));
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  clocks(() => lab, net);

  describe('a cut', () => {
    test('tells the sender nothing: frames leave at both ends, and arrive at neither', async () => {
      await knowEachOther(host('alice'), address(10));
      await using udp = await datagrams(host('alice'), address(10));
      await using gap = await both(['alice'], ['echo']);
      expect(gap.did).toBe('cut alice – echo');
      const [here, there] = await Promise.all([look(host('alice')), look(host('echo'))]);
      await udp.send('into the gap');
      await shell(host('echo'), `ping -c1 -W0.2 ${address(21)} || true`);
      await expect(connect(host('alice'), address(10))).rejects.toMatchObject({ data: { kind: 'timeout' } });
      const [atAlice, atEcho] = await Promise.all([here.stop(), there.stop()]);
      expect(atAlice.filter((line) => line.includes('UDP, length 12'))).toHaveLength(1);
      expect(atAlice.some((line) => line.includes('Flags [S]'))).toBe(true);
      expect(atAlice.filter((line) => from(host('echo'), line))).toEqual([]);
      expect(atEcho.some((line) => line.includes('ICMP echo request'))).toBe(true);
      expect(atEcho.filter((line) => from(host('alice'), line))).toEqual([]);
    });

    test('takes ARP and broadcasts too, and only between the two', async () => {
      await shell(host('alice'), 'ip neigh flush dev eth0');
      await using _ = await both(['alice'], ['echo']);
      const eyes = await Promise.all(['alice', 'echo', 'bob'].map((name) => look(host(name))));
      await expect(connect(host('alice'), address(10))).rejects.toMatchObject({ data: { kind: 'timeout' } });
      const [atAlice, atEcho, atBob] = await Promise.all(eyes.map((eye) => eye.stop()));
      const asked = `Request who-has ${address(10)} tell ${address(21)}`;
      expect(atAlice!.some((line) => line.includes(asked))).toBe(true);
      expect(atBob!.some((line) => line.includes(asked))).toBe(true);
      expect(atEcho).toEqual([]);
    });

    test('one way leaves the other: what is said arrives, the answer does not', async () => {
      await knowEachOther(host('alice'), address(11));
      await using udp = await datagrams(host('alice'), address(11));
      const deaf = await cut.begin({ from: ['bounce'], to: ['alice'], ways: 'one' }, lab.hosts);
      const [here, there] = await Promise.all([look(host('alice')), look(host('bounce'))]);
      await udp.send('do you hear');
      await expect(udp.receive(300)).rejects.toMatchObject({ data: { kind: 'timeout' } });
      const [atAlice, atBounce] = await Promise.all([here.stop(), there.stop()]);
      expect(atBounce.filter((line) => from(host('alice'), line) && line.includes('UDP'))).toHaveLength(1);
      expect(atBounce.filter((line) => from(host('bounce'), line) && line.includes('UDP'))).toHaveLength(1);
      expect(atAlice.filter((line) => from(host('bounce'), line))).toEqual([]);
      expect(await deaf.heal()).toBe('joined bounce > alice');
      await udp.send('and now');
      expect(await udp.receive(2000)).toBe('AND NOW');
    });

    test('healed twice is healed once, and leaves another of the same pair', async () => {
      const island = await both(['echo'], 'all');
      await using again = await both(['alice', 'bob'], ['echo']);
      await island.heal();
      await island.heal();
      for (const name of ['alice', 'bob']) {
        await expect(connect(host(name), address(10))).rejects.toMatchObject({ data: { kind: 'timeout' } });
      }
      await shell(host('router'), `ping -c1 -W10 ${address(10)}`);
      await again.heal();
      // A question for the MAC that was asked into the cut may come to its end just now.
      for (const name of ['alice', 'bob']) await shell(host(name), 'ip neigh flush dev eth0');
      await connect(host('alice'), address(10), 5000);
      await connect(host('bob'), address(10), 5000);
    });

    test('costs others not one frame, made and healed while they talk', async () => {
      await knowEachOther(host('alice'), address(22));
      const pings = shell(host('alice'), `ping -q -f -c 30000 ${address(22)}`);
      let over = false;
      void pings.finally(() => {
        over = true;
      });
      let made = 0;
      for (; !over; made++) await (await both(['bob'], ['echo', 'bounce'])).heal();
      expect(await pings).toContain('30000 packets transmitted, 30000 received');
      expect(made).toBeGreaterThan(0);
    });
  });

  describe('a cable pulled out', () => {
    test('takes the carrier and nothing else, and plugged in it is exactly as before', async () => {
      const { agent } = host('alice');
      await knowEachOther(host('alice'), address(10));
      const before = await stateOf(agent);
      await using udp = await datagrams(host('alice'), address(10));
      const pulled = await unplug.begin('alice', lab.hosts);
      expect(pulled.did).toBe('unplugged alice (eth0, office): no carrier');
      const during = await stateOf(agent);
      expect(during.interfaces).toEqual(before.interfaces.map((card) => ({ ...card, carrier: false })));
      expect(during.routes).toEqual(before.routes);
      await udp.send('is this thing on');
      expect(await pulled.heal()).toBe('plugged in alice (eth0, office)');
      expect(await stateOf(agent)).toEqual(before);
      await connect(host('alice'), address(10), 5000);
    });

    test('lets no frame in or out, and coming back says nothing of its own', async () => {
      // A connection that is not over yet would go on when the cable is back.
      await expect.poll(() => connectionsAt(host('echo'))).toEqual([]);
      await using pulled = await unplug.begin('alice', lab.hosts);
      // From now on: who has just been spoken to may still have been asked whether he is there.
      const eyes = await Promise.all(['alice', 'echo'].map((name) => look(host(name))));
      await expect(connect(host('alice'), address(10))).rejects.toMatchObject({ data: { kind: 'timeout' } });
      await shell(host('bob'), `ping -c1 -W0.2 ${address(21)} || true`);
      const [atAlice, atEcho] = await Promise.all(eyes.map((eye) => eye.stop()));
      expect(atAlice).toEqual([]);
      expect(atEcho!.filter((line) => from(host('alice'), line))).toEqual([]);
      // Questions that alice asked in vain are asked again, and frames of bob that wait for an address would be answered.
      for (const name of ['alice', 'bob', 'echo']) await shell(host(name), 'ip neigh flush dev eth0');
      const [here, there] = await Promise.all(['alice', 'echo'].map((name) => look(host(name))));
      await pulled.heal();
      await shell(host('bob'), `ping -c1 -W10 ${address(10)}`);
      const seen = await Promise.all([here, there].map((eye) => eye!.stop()));
      const said = seen.flat().filter((line) => from(host('alice'), line));
      expect(said.filter((line) => !answersArp(line))).toEqual([]);
    });

    test('is one of several where the network is said', async () => {
      await using pulled = await unplug.begin('router.store', lab.hosts);
      const cards = await host('router').agent.interfaces();
      expect(cards.map(({ name, carrier }) => [name, carrier])).toEqual([
        ['eth0', true],
        ['eth1', false],
      ]);
      await shell(host('router'), `ping -c1 -W10 ${address(21)}`);
      await shell(host('router'), `ping -c1 -W1 10.${net}.2.40 && exit 1 || true`);
      await expect(unplug.begin('router.store', lab.hosts)).rejects.toThrow(
        'router.store is unplugged already',
      );
      await pulled.heal();
      await shell(host('router'), `ping -c1 -W5 10.${net}.2.40`);
    });

    test('leaves a cut of the same host standing', async () => {
      await using _ = await both(['alice'], ['echo']);
      await (await unplug.begin('alice', lab.hosts)).heal();
      await expect(connect(host('alice'), address(10))).rejects.toMatchObject({ data: { kind: 'timeout' } });
      await shell(host('alice'), `ping -c1 -W5 ${address(22)}`);
    });
  });
}

function places(engine: Engine, net: number): void {
  test('a host that moves answers on the other network, and comes back as it was', async () => {
    await using lab = await bringUp(parse(CABLES(net).replaceAll(`10.${net}.`, `10.${net}.1`)), { engine });
    const alice = hostOf(lab[internals], 'alice');
    const before = await stateOf(alice.agent);
    const away = await lab.fault({ move: { host: 'alice', from: 'office', to: 'store' } });
    await shell(hostOf(lab[internals], 'shelf'), `ping -c1 -W10 ${lab.host('alice').address}`);
    await shell(alice, `ping -c1 -W0.2 10.${net}.11.22 && exit 1 || true`);
    await away.heal();
    expect(await stateOf(alice.agent)).toEqual(before);
    await shell(hostOf(lab[internals], 'bob'), `ping -c1 -W10 10.${net}.11.21`);
  });
}

const PROGRAMS = (net: number) => `
lab: programs
networks: { office: 10.${net}.4.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.${net}.4.10 } }
  shy: { command: [sh, -c, "grep Cap /proc/self/status; exec sleep 1000"], networks: [office] }
  alice: { networks: { office: 10.${net}.4.21 } }
`;

function programs(engine: Engine, net: number): void {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);
  const echo = `10.${net}.4.10`;

  beforeAll(async () => {
    lab = await labOf(engine, PROGRAMS(net));
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  describe('a program', () => {
    test('that is stopped ends in order; its host refuses, and is there; started it serves', async () => {
      const rest = await stop.begin('echo', lab.hosts);
      expect(rest.fields).toEqual({ exit: 0 });
      await expect(connect(host('alice'), echo)).rejects.toMatchObject({ data: { kind: 'refused' } });
      expect(await rest.heal()).toMatch(/^started the program of echo: ready after /);
      expect(await ask(host('alice'), echo, 'again')).toBe('AGAIN');
    });

    test('that is killed leaves its connections to the kernel, and a look goes on across its end', async () => {
      const eye = await look(host('echo'));
      const line = await open(host('alice'), echo);
      // The kernel connects by itself; what the program has not taken yet it resets.
      await line.send('taken');
      expect(await line.receive()).toMatchObject({ end: false });
      const crash = await kill.begin('echo', lab.hosts);
      expect(crash.fields).toEqual({ signal: 'SIGKILL' });
      expect(await line.receive()).toMatchObject({ end: true });
      await line.close();
      await startProgram(lab.hosts, 'echo');
      expect(await ask(host('alice'), echo, 'up')).toBe('UP');
      const waiting = (await host('echo').agent.sockets()).filter(({ state }) => state === 'TIME-WAIT');
      expect(waiting.some(({ local, peer }) => local.port === 9000 && peer.port === line.local.port)).toBe(
        true,
      );
      const frames = await eye.stop();
      expect(frames.filter((frame) => frame.includes('Flags [F.]')).length).toBeGreaterThanOrEqual(2);
      expect(frames.filter((frame) => frame.includes('Flags [S]')).length).toBe(2);
      expect(await crash.heal()).toBe('the program of echo runs already');
    });

    test('that is paused stands still; its kernel goes on, and so does it when it is resumed', async () => {
      const nap = await pause.begin('echo', lab.hosts);
      expect(nap.did).toMatch(/^paused the program of echo: process \d+ \(.+\) is stopped$/);
      const line = await open(host('alice'), echo);
      await line.send('anybody?');
      await expect(line.receive(300)).rejects.toMatchObject({ data: { kind: 'timeout' } });
      await expect(stop.begin('echo', lab.hosts)).rejects.toThrow('is paused: SIGTERM would wait');
      expect(await nap.heal()).toBe('resumed the program of echo');
      expect(await line.receive()).toMatchObject({ end: false });
      await line.close();
    });

    test('that is paused can be killed, and is not paused when it is started', async () => {
      const nap = await pause.begin('echo', lab.hosts);
      const line = await open(host('alice'), echo);
      await line.send('unread');
      await using crash = await kill.begin('echo', lab.hosts);
      await expect(line.receive()).rejects.toMatchObject({ data: { kind: 'reset' } });
      await crash.heal();
      expect(await nap.heal()).toBe('the program of echo is not paused any more');
      expect(await ask(host('alice'), echo, 'awake')).toBe('AWAKE');
    });

    test('can be paused and resumed many times over', async () => {
      for (let times = 0; times < 10; times++) {
        const nap = await pause.begin('echo', lab.hosts);
        await nap.heal();
        expect(await ask(host('alice'), echo, 'hello')).toBe('HELLO');
      }
    });

    test('that runs is not started, that has ended is neither stopped nor paused', async () => {
      await expect(startProgram(lab.hosts, 'echo')).rejects.toThrow('the program of echo is running');
      await using _ = await kill.begin('echo', lab.hosts);
      for (const fault of [stop, kill, pause]) {
        await expect(fault.begin('echo', lab.hosts)).rejects.toThrow('has already ended: ended by SIGKILL');
      }
    });

    test('has no capability, the second time as the first', async () => {
      const none = Array(3).fill('0000000000000000');
      const held = () => {
        const lines = host('shy').words.filter((line) => /^Cap(Prm|Eff|Bnd)/.test(line));
        return lines.map((line) => line.split('\t')[1]);
      };
      await expect.poll(held).toEqual(none);
      await (await kill.begin('shy', lab.hosts)).heal();
      await expect.poll(held).toEqual([...none, ...none]);
    });
  });

  test('a lab is taken down with a program that is paused', async () => {
    const other = await labOf(engine, PROGRAMS(net).replaceAll(`10.${net}.4.`, `10.${net}.5.`));
    const { program } = hostOf(other, 'echo');
    await pause.begin('echo', other.hosts);
    await other[Symbol.asyncDispose]();
    expect(await program!.ended).not.toEqual({ exit: 0, signal: null });
  });
}

/** What a host's kernel says of its cards and routes. */
async function stateOf(agent: AgentCalls) {
  const [interfaces, routes] = await Promise.all([agent.interfaces(), agent.routes()]);
  return { interfaces, routes };
}

/** After this it is the frame itself that leaves, and not a question for the MAC. */
async function knowEachOther(host: LiveHost, address: string): Promise<void> {
  await shell(host, `ping -c1 -W5 ${address}`);
}

/** Whether a frame as tcpdump prints it was sent by the host's card. */
function from(host: LiveHost, line: string): boolean {
  return line.includes(` ${host.plan.interfaces[0]!.mac} > `);
}

/** Not an announcement, which goes to everybody. The others may have asked before the cable was back. */
function answersArp(line: string): boolean {
  return line.includes(' is-at ') && !line.includes(' > ff:ff:ff:ff:ff:ff');
}

async function connectionsAt(host: LiveHost): Promise<SocketState[]> {
  const sockets = await host.agent.sockets();
  return sockets.filter(({ transport, state }) => transport === 'tcp' && state !== 'LISTEN');
}

async function connect(host: LiveHost, address: string, giveUp = 300): Promise<void> {
  const { handle } = await host.agent.tcpConnect({ to: { address, port: 9000 }, giveUp });
  await host.agent.close({ handle });
}

async function open({ agent }: LiveHost, address: string) {
  const { handle, local } = await agent.tcpConnect({ to: { address, port: 9000 }, giveUp: 5000 });
  return {
    local,
    send: (text: string) => agent.tcpSend({ handle, bytes: Buffer.from(text), giveUp: 5000 }),
    receive: (giveUp = 5000) => agent.tcpReceive({ handle, max: 100, giveUp }),
    close: () => agent.close({ handle }),
  };
}

async function ask(host: LiveHost, address: string, text: string): Promise<string> {
  const line = await open(host, address);
  await line.send(text);
  const { bytes } = await line.receive();
  await line.close();
  return Buffer.from(bytes).toString();
}

async function datagrams({ agent }: LiveHost, address: string) {
  const { handle } = await agent.udpOpen({ to: { address, port: 9000 } });
  return {
    send: (text: string) => agent.udpSend({ handle, bytes: Buffer.from(text) }),
    receive: async (giveUp: number) =>
      Buffer.from((await agent.udpReceive({ handle, giveUp })).bytes).toString(),
    [Symbol.asyncDispose]: () => agent.close({ handle }),
  };
}

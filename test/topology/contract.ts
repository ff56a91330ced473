/**
 * What routers must be on every engine: they alone carry what goes from network to network, addresses stay, TTLs
 * count down and frames are each router's own; and what no router joins stays apart.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Captures } from '../../lab/captures/captures.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { unplug } from '../../lab/faults/unplug.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import type { WireView } from '../../lab/outcomes/context.ts';
import { hostOf, labOf, look, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';
import { hopsOf } from './hops.ts';

/** Three networks in a row, the middle one narrower, and one that no router is on. */
export const CHAIN = (net: number) => `
lab: chain
networks:
  home: 10.${net}.1.0/24
  middle: { subnet: 10.${net}.2.0/24, mtu: 1400 }
  far: 10.${net}.3.0/24
  apart: 10.${net}.4.0/24
hosts:
  one: { forward: true, networks: { home: 10.${net}.1.1, middle: 10.${net}.2.1 } }
  two: { forward: true, networks: { middle: 10.${net}.2.2, far: 10.${net}.3.1 } }
  alice: { networks: { home: 10.${net}.1.21 } }
  bob: { networks: { home: 10.${net}.1.22 } }
  mid: { networks: { middle: 10.${net}.2.25 } }
  both: { networks: { home: 10.${net}.1.26, apart: 10.${net}.4.26 } }
  lone: { networks: { apart: 10.${net}.4.27 } }
  still: { networks: { home: 10.${net}.1.28 }, gateway: none }
  echo: { service: tcp-echo, networks: { far: 10.${net}.3.10 } }
`;

/** Networks are 10.NET.x.0/24. */
export async function routingContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `routers on ${engine.name}`, () => claims(engine, net));
}

function claims(engine: Engine, net: number): void {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);
  const ping = (from: string, options: string) => shell(host(from), `ping -n ${options} || true`);

  beforeAll(async () => {
    lab = await labOf(engine, CHAIN(net));
  }, 60_000);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  async function watching(...hosts: string[]): Promise<{ captures: Captures; view: WireView }> {
    const captures = new Captures(lab.hosts, []);
    onTestFinished(async () => void (await captures.stop()));
    return { captures, view: (await captures.watch(hosts, []))! };
  }

  describe('from network to network', () => {
    test('a ping crosses two routers and comes back with a TTL of 62', async () => {
      expect(await ping('alice', '-c1 -W10 echo')).toContain('ttl=62');
    });

    test('what a TTL does not suffice for ends at the router where it runs out, and that router says so', async () => {
      const net1 = `10\\.${net}\\.1\\.1`;
      expect(await ping('alice', '-c1 -W2 -t1 echo')).toMatch(
        new RegExp(`From ${net1} .*Time to live exceeded`),
      );
      expect(await ping('alice', '-c1 -W2 -t2 echo')).toMatch(/From 10\.\d+\.2\.2 .*Time to live exceeded/);
      expect(await ping('alice', '-c1 -W2 -t3 echo')).toContain('ttl=62');
    });

    test('a connection has the addresses of its ends on every network, and the server sees the client’s own', async () => {
      const { agent } = host('alice');
      const to = { address: `10.${net}.3.10`, port: 9000 };
      const { handle, local } = await agent.tcpConnect({ to, giveUp: 5000 });
      const event = await host('echo').events.first(({ peer }) => peer?.port === local.port, 5000);
      expect(event?.peer).toEqual(local);
      expect(local.address).toBe(`10.${net}.1.21`);
      await agent.close({ handle });
    });

    test('each frame comes from the card of the router before and goes to the next one’s', async () => {
      const { captures, view } = await watching('alice', 'one', 'two', 'echo');
      await shell(host('alice'), 'ping -c1 -W2 echo');
      await captures.barrier(['alice', 'one', 'two', 'echo']);
      expect(hopsOf(view, lab).filter((line) => line.startsWith('icmp'))).toEqual([
        'icmp alice > echo echo-request ttl=64 on home: alice eth0 > one eth0',
        'icmp alice > echo echo-request ttl=63 on middle: one eth1 > two eth0',
        'icmp alice > echo echo-request ttl=62 on far: two eth1 > echo eth0',
        'icmp echo > alice echo-reply ttl=64 on far: echo eth0 > two eth1',
        'icmp echo > alice echo-reply ttl=63 on middle: two eth0 > one eth1',
        'icmp echo > alice echo-reply ttl=62 on home: one eth0 > alice eth0',
      ]);
    });

    test('there is no other way: with a router’s cable out nothing arrives', async () => {
      await using _ = await unplug.begin('one.middle', lab.hosts);
      expect(await ping('alice', '-c1 -W0.3 echo')).toContain('100% packet loss');
    });

    test('after its cable was out a router still has its routes', async () => {
      const before = await host('one').agent.routes();
      await (await unplug.begin('one', lab.hosts)).heal();
      expect(await host('one').agent.routes()).toEqual(before);
      expect(await ping('alice', '-c1 -W10 echo')).toContain('ttl=62');
    });

    test('broadcasts and ARP stay on their network', async () => {
      const { captures, view } = await watching('mid', 'echo');
      await host('alice').agent.forgetNeighbours();
      await shell(
        host('alice'),
        `ping -b -c1 -W0.2 10.${net}.1.255 || true; ping -c1 -W0.2 10.${net}.1.77 || true`,
      );
      expect(await captures.barrier(['mid', 'echo'])).toBeUndefined();
      const home = host('alice').plan.interfaces[0]!.mac;
      const strays = view.frames().filter(({ frame }) => frame.ethernet?.source === home || frame.icmp);
      expect(strays).toEqual([]);
    });
  });

  describe('a host', () => {
    test('behind one router has a default route, between two a route to each side, and routers know all networks', async () => {
      const routes = async (name: string) =>
        (await host(name).agent.routes())
          .flatMap(({ to, via }) => (via === undefined ? [] : [`${to} via ${via}`]))
          .toSorted();
      expect(await routes('alice')).toEqual([`default via 10.${net}.1.1`]);
      expect(await routes('mid')).toEqual([
        `10.${net}.1.0/24 via 10.${net}.2.1`,
        `10.${net}.3.0/24 via 10.${net}.2.2`,
      ]);
      expect(await routes('one')).toEqual([`10.${net}.3.0/24 via 10.${net}.2.2`]);
      expect(await routes('lone')).toEqual([]);
      expect(await routes('still')).toEqual([]);
    });

    test('whose gateway is none is on its LAN alone', async () => {
      expect(await ping('still', `-c1 -W2 10.${net}.3.10`)).toBe('');
      expect(await ping('still', `-c1 -W2 10.${net}.1.21`)).toContain('ttl=64');
    });

    test('on two networks that does not forward joins nothing', async () => {
      expect(await ping('both', '-c1 -W10 lone')).toContain('ttl=64');
      expect(await ping('alice', `-c1 -W0.5 10.${net}.4.27`)).not.toContain('bytes from');
    });

    test('knows every host that it has a way to by name, and no other', async () => {
      const names = await shell(
        host('alice'),
        'for h in echo mid two both lone; do getent hosts $h || echo none $h; done',
      );
      expect(names).toMatch(/10\.\d+\.3\.10\s+echo/);
      expect(names).toMatch(/10\.\d+\.2\.2\s+two/);
      expect(names).toContain('none lone');
    });

    test('sends what no network of the lab has to its router, which says that there is no way', async () => {
      expect(await ping('alice', '-c1 -W1 -t1 echo')).toMatch(/Time to live exceeded/);
      expect(await ping('alice', '-c1 -W1 192.0.2.1')).toMatch(/Destination Net Unreachable/);
    });

    test('finds nobody at the address that is kept for the engine, nor any route to it', async () => {
      const { captures, view } = await watching('alice', 'one');
      for (const network of [1, 3]) {
        expect(await ping('alice', `-c1 -W0.3 10.${net}.${network}.254`)).not.toContain('bytes from');
      }
      await captures.drain();
      const macs = new Set(
        [...lab.hosts.values()].flatMap(({ plan }) => plan.interfaces.map(({ mac }) => mac)),
      );
      const strangers = view.frames().filter(({ frame }) => !macs.has(frame.ethernet!.source));
      expect(strangers).toEqual([]);
      for (const { agent } of lab.hosts.values()) {
        const vias = (await agent.routes()).map(({ via }) => via ?? '');
        expect(vias.filter((via) => via.endsWith('.254'))).toEqual([]);
      }
    });
  });

  // Hosts remember what a way takes: each test asks from one that has not been told yet.
  describe('where a network in the middle takes less', () => {
    test('every card has the MTU of its network', async () => {
      const mtus = async (name: string) => (await host(name).agent.interfaces()).map(({ mtu }) => mtu);
      expect(await mtus('one')).toEqual([1500, 1400]);
      expect(await mtus('two')).toEqual([1400, 1500]);
      expect(await mtus('mid')).toEqual([1400]);
      expect(await mtus('echo')).toEqual([1500]);
    });

    test('a datagram that must not be cut up is refused by the router, who says how large one may be', async () => {
      const { captures, view } = await watching('alice');
      expect(await ping('alice', '-M do -c1 -W1 -s 1472 echo')).toMatch(/From 10\.\d+\.1\.1 .*mtu = 1400/);
      await captures.drain();
      expect(hopsOf(view, lab)).toContain(
        'icmp one > alice fragmentation-needed ttl=64 on home: one eth0 > alice eth0',
      );
      expect(await ping('alice', '-M do -c1 -W1 -s 1372 echo')).toContain('ttl=62');
    });

    test('one that may be is cut up by the router and arrives whole', async () => {
      const { captures, view } = await watching('mid', 'two');
      expect(await ping('bob', '-M dont -c1 -W2 -s 1472 echo')).toContain('1480 bytes from');
      await captures.barrier(['two']);
      const pieces = view
        .frames()
        .filter(({ frame }) => frame.ipv4?.destination === `10.${net}.3.10`)
        .filter(({ sightings }) => sightings[0]!.card.network === 'middle');
      expect(pieces.map(({ frame }) => frame.ipv4!.totalLength)).toEqual([1396, 124]);
    });

    test('a connection is told so by the router once, and then sends no larger segments', async () => {
      const { captures, view } = await watching('bob', 'echo');
      const { agent } = host('bob');
      const { handle } = await agent.tcpConnect({ to: { address: `10.${net}.3.10`, port: 7 }, giveUp: 5000 });
      await agent.tcpSend({ handle, bytes: Buffer.alloc(20_000, 'x'), giveUp: 5000 });
      for (let left = 20_000; left > 0; )
        left -= (await agent.tcpReceive({ handle, max: 20_000, giveUp: 5000 })).bytes.length;
      await agent.close({ handle });
      await captures.barrier(['bob', 'echo']);
      expect(hopsOf(view, lab)).toContain(
        'icmp one > bob fragmentation-needed ttl=64 on home: one eth0 > bob eth0',
      );
      const arrived = view
        .frames()
        .filter(
          ({ frame, sightings }) =>
            frame.tcp && sightings[0]!.card.host === 'echo' && sightings[0]!.way === 'in',
        );
      expect(Math.max(...arrived.map(({ frame }) => frame.ipv4!.totalLength))).toBe(1400);
    });
  });

  test('nothing passes on a network but what the lab’s hosts sent', async () => {
    const looking = await look(host('mid'));
    await shell(host('alice'), 'ping -c3 -i0.05 -W2 echo');
    const frames = await looking.stop();
    expect(frames.filter((line) => !line.includes('02:'))).toEqual([]);
  });
}

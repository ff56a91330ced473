/** What a lab with IPv6 must be on every engine, alone on a network or beside IPv4. */
import type { Host, Lab } from 'lanlab';
import { lab, NetworkFailure } from 'lanlab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { WrittenScenario } from '../../lab/api/written.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { addressesOf } from '../../lab/model/planned.ts';
import { describeNeeding } from '../needs.ts';
import 'lanlab/vitest';

/** A network of both families, one of each alone, a router on all three, and a NAT before a fourth. */
const LAB = (net: number) => `
lab: ipv6
networks:
  both: [10.${net}.1.0/24, "fd00:${net}:1::/64"]
  six: { subnet: "fd00:${net}:2::/64", mtu: 1400 }
  four: 10.${net}.3.0/24
  home: [10.${net}.4.0/24, "fd00:${net}:4::/64"]
hosts:
  gw: { forward: true, networks: [both, six, four] }
  edge: { forward: true, networks: [both, home], nat: { outside: both } }
  echo: { service: tcp-echo, networks: { both: [10.${net}.1.10, "fd00:${net}:1::10"] } }
  wall: { service: tcp-echo, networks: [both], deny: ["tcp alice > wall:9000"], reject: ["tcp * > wall:7"] }
  alice: { networks: [both] }
  bob: { networks: [six] }
  dave: { networks: [six] }
  clock: { service: time, networks: [six] }
  olde: { networks: [four] }
  carol: { networks: [home] }
`;

/** Networks are 10.NET.x.0/24 and fd00:NET:x::/64. */
export async function ipv6Contract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `IPv6 on ${engine.name}`, () => claims(engine, net));
}

/** Milliseconds in which what is lost is given up, and in which what comes has to come. */
const SOON = 400;
const LONG = 10_000;

function claims(engine: Engine, net: number): void {
  let here: Lab;
  const host = (name: string): Host => here.host(name);

  beforeAll(async () => {
    here = await lab(parse(LAB(net)) as WrittenScenario, { engine });
  }, 90_000);
  afterAll(async () => {
    await here?.[Symbol.asyncDispose]();
  }, 60_000);

  /** How a connection to there fails; `open` where it does not. */
  async function attempt(from: string, to: string, family: 'ipv4' | 'ipv6', giveUp = LONG): Promise<string> {
    try {
      await using _ = await host(from).tcp(to, { family, giveUp });
      return 'open';
    } catch (error) {
      if (error instanceof NetworkFailure) return error.kind;
      throw error;
    }
  }

  describe('a host', () => {
    test('has its addresses of either family, the link-local one that its MAC makes, and no other', async () => {
      for (const name of ['gw', 'alice', 'bob', 'olde']) {
        const planned = here.plan.hosts.find((one) => one.name === name)!.interfaces;
        const found = await host(name).interfaces();
        expect(found.map(({ addresses }) => addresses.map(({ address }) => address).toSorted())).toEqual(
          planned.map((card) => addressesOf(card).toSorted()),
        );
      }
    });

    test('of IPv4 alone has no IPv6, on no card', async () => {
      const { stdout } = await host('olde').exec('cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6; ip -6 addr');
      expect(stdout.toString()).toBe('1\n');
    });

    test('knows names by both families, and programs find them so', async () => {
      const { stdout } = await host('alice').exec('getent ahosts echo');
      expect(stdout.toString()).toContain(`fd00:${net}:1::10`);
      expect(stdout.toString()).toContain(`10.${net}.1.10`);
    });
  });

  describe('over either family', () => {
    test.each(['ipv4', 'ipv6'] as const)(
      'the server answers by %s, and sees the client’s own address',
      async (family) => {
        await using talk = await host('alice').tcp('echo:9000', { family });
        await talk.write('hello');
        expect((await talk.read(5)).toString()).toBe('HELLO');
        expect(talk.remote.address.includes(':')).toBe(family === 'ipv6');
        await expect(host('echo')).toHaveSeen(talk);
      },
    );

    test('a listener on a port takes both, and one on the addresses of IPv4 refuses IPv6', async () => {
      await using _both = await host('echo').listen({ tcp: 9100 });
      expect(await attempt('alice', 'echo:9100', 'ipv4')).toBe('open');
      expect(await attempt('alice', 'echo:9100', 'ipv6')).toBe('open');
      await using _four = await host('echo').listen({ tcp: 9101, family: 'ipv4' });
      expect(await attempt('alice', 'echo:9101', 'ipv4')).toBe('open');
      expect(await attempt('alice', 'echo:9101', 'ipv6')).toBe('refused');
      await using _six = await host('echo').listen({ tcp: 9102, family: 'ipv6' });
      expect(await attempt('alice', 'echo:9102', 'ipv4')).toBe('refused');
      expect(await attempt('alice', 'echo:9102', 'ipv6')).toBe('open');
    });
  });

  describe('on the wire', () => {
    test('the MAC is asked for at the solicited-node group, answered to the asker, and asked for again once forgotten', async () => {
      await using wire = await here.capture('bob');
      await host('bob').exec('ip -6 neighbour flush all');
      await host('bob').ping('clock');
      await expect(wire).toShow({
        in_order: [
          'icmpv6 bob > multicast neighbour-solicitation',
          'icmpv6 clock > bob neighbour-advertisement',
          'icmpv6 bob > clock echo-request',
          'icmpv6 clock > bob echo-reply',
        ],
      });
    });

    test('of a network of IPv6 alone it can be said that something never came', async () => {
      await using wire = await here.capture('bob', 'clock');
      await host('bob').time('clock');
      await expect(wire).toShow({ at: 'clock', never: ['tcp bob > *'] });
    });

    test('a cable that is pulled out and plugged in again, or a card down and up, brings nothing that nobody asked for', async () => {
      await using wire = await here.capture('dave', 'clock');
      await using _ = await here.unplug('dave');
      await here.plug('dave');
      await host('dave').exec('ip link set eth0 down; ip link set eth0 up');
      await host('dave').ping('clock');
      const kinds = (await wire.frames()).map(({ frame }) => frame.icmpv6?.type);
      // Neighbours asked for and found, echo requests and replies (RFC 4861, RFC 4443).
      expect(new Set(kinds)).toEqual(new Set([135, 136, 128, 129]));
    });
  });

  describe('a router', () => {
    test('hands IPv6 on from network to network, with a hop limit one less', async () => {
      await using wire = await here.capture('alice', 'bob');
      await using door = await host('bob').listen({ tcp: 9300 });
      await using talk = await host('alice').tcp('bob:9300');
      await using peer = await door.accept();
      await talk.write('hello');
      expect((await peer.read(5)).toString()).toBe('hello');
      const hops = (await wire.frames()).flatMap(({ frame: { ipv6, tcp } }) =>
        tcp && ipv6?.source === talk.local.address ? [ipv6.hopLimit] : [],
      );
      expect(new Set(hops)).toEqual(new Set([64, 63]));
    });

    test('says what is too big for the next network, and what is sent then comes in parts', async () => {
      await using wire = await here.capture('alice');
      await using door = await host('bob').listen({ udp: 9301 });
      await using talk = await host('alice').udp('bob:9301');
      await talk.send('x'.repeat(1400));
      await expect(wire).toShow(['icmpv6 gw > alice too-big']);
      await talk.send('y'.repeat(1400));
      expect((await door.receive()).text).toBe('y'.repeat(1400));
    });

    test('of IPv6 tells a ping the MTU behind it, and the kernel keeps the number', async () => {
      const ping = (size: number, df?: boolean) =>
        host('wall').ping('bob', { family: 'ipv6', size, ...(df !== undefined && { df }) });
      expect((await ping(1352, true)).received).toBe(1);
      const told = /^ping: no echo reply: fragmentation needed, MTU 1400, from fd00:/;
      await expect(ping(1353, true)).rejects.toMatchObject({ kind: 'too-large', message: told });
      const kept = 'ping: no echo reply: message too long, MTU 1400';
      await expect(ping(1353, true)).rejects.toMatchObject({ kind: 'too-large', message: kept });
      expect((await ping(1353)).received).toBe(1);
    });

    test('of IPv6 leads nowhere that has IPv4 alone', async () => {
      const { stdout } = await host('bob').exec(
        `ip -6 route get 2001:db8::1; ip -4 route; ping -c1 -W1 10.${net}.3.1; true`,
      );
      expect(stdout.toString()).toContain(`via fd00:${net}:2::1`);
      expect(stdout.toString()).not.toContain('1 received');
    });

    test('that translates does so for IPv4 alone', async () => {
      await using four = await host('carol').tcp('echo:9000', { family: 'ipv4' });
      await using six = await host('carol').tcp('echo:9000', { family: 'ipv6' });
      await four.write('by four');
      await six.write('by six');
      await Promise.all([four.read(7), six.read(6)]);
      const peerOf = async (text: string) =>
        (await host('echo').events.first({ event: 'receive', text }))?.peer?.address;
      expect(await peerOf('by four')).toBe(host('edge').addresses.both);
      expect(await peerOf('by six')).toBe(six.local.address);
    });
  });

  describe('rules and faults', () => {
    test.each(['ipv4', 'ipv6'] as const)('hold for %s, and leave neighbours alone', async (family) => {
      await host('alice').exec('ip neighbour flush all');
      expect(await attempt('alice', 'wall:9000', family, SOON)).toBe('timeout');
      expect(await attempt('alice', 'wall:7', family)).toBe('refused');
      expect(await attempt('echo', 'wall:9000', family)).toBe('open');
      expect((await host('alice').ping('wall', { family })).received).toBe(1);
    });

    test('a cut loses what is sent by either family until it is healed', async () => {
      await using gap = await here.cut('alice', 'echo');
      expect(await attempt('alice', 'echo:9000', 'ipv6', SOON)).toBe('timeout');
      expect(await attempt('alice', 'echo:9000', 'ipv4', SOON)).toBe('timeout');
      await gap.heal();
      expect(await attempt('alice', 'echo:9000', 'ipv6')).toBe('open');
    });
  });

  test('a datagram to a group reaches those on the link that have joined, and nobody beyond the router', async () => {
    await using near = await host('echo').listen({ udp: 9200, join: 'ff02::4242' });
    await using apart = await host('wall').listen({ udp: 9200 });
    await using beyond = await host('bob').listen({ udp: 9200, join: 'ff02::4242' });
    await using talk = await host('alice').udp('[ff02::4242]:9200', { ttl: 4 });
    await talk.send('all of you');
    expect((await near.receive()).text).toBe('all of you');
    // What follows on the same way has come: what came before it would have.
    for (const one of ['wall', 'bob']) await talk.send('you', `${one}:9200`);
    expect((await apart.receive()).text).toBe('you');
    expect((await beyond.receive()).text).toBe('you');
  });
}

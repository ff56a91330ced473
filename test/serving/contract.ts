/**
 * What addresses by DHCP and names by DNS must be on every engine: got over the wire from the lab's own server, as
 * planned, kept, given back and asked for again; and whoever is missing is told of.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ServingSetup } from '../../lab/agent/protocol.ts';
import { Captures } from '../../lab/captures/captures.ts';
import { cardOf } from '../../lab/captures/card.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { takeLease } from '../../lab/live/leases.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { applicationWord } from '../../lab/wire/lines/application.ts';
import { lineOf } from '../../lab/wire/lines/line-of-frame.ts';
import { printLine } from '../../lab/wire/lines/print.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const SERVED = (net: number) => `
lab: served
networks:
  office: { subnet: 10.${net}.1.0/24, dhcp: gw, dns: gw }
  dmz: 10.${net}.2.0/24
  store: 10.${net}.3.0/24
  apart: 10.${net}.4.0/24
hosts:
  gw: { forward: true, networks: { office: 10.${net}.1.1, dmz: 10.${net}.2.1 } }
  back: { forward: true, networks: { office: 10.${net}.1.2, store: 10.${net}.3.1 } }
  alice: { networks: [office] }
  bob: { networks: [office], gateway: gw }
  fixed: { networks: { office: 10.${net}.1.9 } }
  echo: { service: tcp-echo, networks: { dmz: 10.${net}.2.10 } }
  shelf: { networks: { store: 10.${net}.3.10 } }
  lone: { networks: { apart: 10.${net}.4.10 } }
`;

/** Its own firewall keeps every question from the server. */
const DEAF = (net: number, firewall = 'allow: ["icmp * > *"]') => `
lab: deaf
networks: { office: { subnet: 10.${net}.8.0/24, dhcp: gw } }
hosts:
  gw: { networks: { office: 10.${net}.8.1 }, ${firewall} }
  alice: { networks: [office] }
`;

/** Networks are 10.NET.x.0/24. */
export async function servingContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `addresses and names on ${engine.name}`, () => {
    claims(engine, net);
    unserved(engine, net);
  });
}

function claims(engine: Engine, net: number): void {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);
  const card = (name: string) => host(name).plan.interfaces[0]!;
  const obtain = (name: string, giveUp = 10_000) =>
    host(name).agent.lease({ card: 'eth0', how: 'obtain', giveUp });
  const renew = (name: string, giveUp = 10_000) =>
    host(name).agent.lease({ card: 'eth0', how: 'renew', giveUp });
  const addresses = async (name: string) =>
    (await host(name).agent.interfaces())
      .filter((one) => one.name === 'eth0')
      .flatMap((one) => one.addresses.map(({ address, prefix }) => `${address}/${prefix}`));
  const routes = async (name: string) =>
    (await host(name).agent.routes())
      .flatMap(({ to, via }) => (via === undefined ? [] : [`${to} via ${via}`]))
      .toSorted();

  beforeAll(async () => {
    lab = await labOf(engine, SERVED(net));
  }, 120_000);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  /** The messages that these hosts see while something is done, as lines. */
  async function messages(hosts: string[], during: () => Promise<unknown>): Promise<string[]> {
    const captures = new Captures(lab.hosts, []);
    onTestFinished(async () => void (await captures.stop()));
    const view = (await captures.watch(hosts, []))!;
    await during();
    expect(await captures.drain()).toBeUndefined();
    const cards = [...lab.hosts.values()].flatMap((one) =>
      one.plan.interfaces.map((each) => cardOf(one, each)),
    );
    return view.frames().flatMap(({ frame }) => {
      const word = applicationWord('dhcp', frame) ?? applicationWord('dns', frame);
      return word === undefined ? [] : [`${printLine(lineOf(frame, cards))} ${word}`];
    });
  }

  describe('a host without a written address', () => {
    test('has its address, its routes and its name server by its lease', async () => {
      expect(await addresses('alice')).toEqual([`10.${net}.1.3/24`]);
      expect(await routes('alice')).toEqual([
        `10.${net}.2.0/24 via 10.${net}.1.1`,
        `10.${net}.3.0/24 via 10.${net}.1.2`,
      ]);
      expect(await routes('bob')).toEqual([`default via 10.${net}.1.1`]);
      const file = await shell(host('bob'), 'cat /etc/resolv.conf');
      expect(file).toContain(`nameserver 10.${net}.1.1\nsearch office\n`);
    });

    test('asks anew by four messages, the first of them to everybody and from nobody', async () => {
      const seen = await messages(['alice'], () => obtain('alice'));
      expect(seen).toEqual([
        'udp 0.0.0.0:68 > broadcast:67 DISCOVER',
        'udp gw:67 > alice:68 OFFER',
        'udp 0.0.0.0:68 > broadcast:67 REQUEST',
        'udp gw:67 > alice:68 ACK',
      ]);
      expect(await addresses('alice')).toEqual([`10.${net}.1.3/24`]);
      expect(await routes('alice')).toHaveLength(2);
    });

    test('renews its lease by two, with the server alone, and what is open stays open', async () => {
      const { agent } = host('bob');
      const to = { address: `10.${net}.2.10`, port: 9000 };
      const { handle } = await agent.tcpConnect({ to, giveUp: 5000 });
      // udhcpc misses an answer that comes before it has closed the socket that it asked by, and asks again.
      const seen = await messages(['bob'], () => renew('bob'));
      expect(seen.slice(0, 2)).toEqual(['udp bob:68 > gw:67 REQUEST', 'udp gw:67 > bob:68 ACK']);
      expect(seen.filter((line) => /DISCOVER|OFFER/.test(line))).toEqual([]);
      await agent.tcpSend({ handle, bytes: Buffer.from('still'), giveUp: 5000 });
      const { bytes } = await agent.tcpReceive({ handle, max: 100, giveUp: 5000 });
      expect(Buffer.from(bytes).toString()).toBe('STILL');
      await agent.close({ handle });
    });

    test('has nothing after it has given its address back, until it asks again', async () => {
      const { agent } = host('bob');
      const seen = await messages(['gw'], () => agent.release({ card: 'eth0' }));
      expect(seen).toEqual(['udp bob:68 > gw:67 RELEASE']);
      expect([await addresses('bob'), await routes('bob')]).toEqual([[], []]);
      expect(await shell(host('bob'), 'cat /etc/resolv.conf')).not.toContain('nameserver');
      expect(await agent.release({ card: 'eth0' })).toBeUndefined();
      await expect(renew('bob')).rejects.toMatchObject({ data: { kind: 'closed' } });
      await obtain('bob');
      expect([await addresses('bob'), await routes('bob')]).toEqual([
        [`10.${net}.1.4/24`],
        [`default via 10.${net}.1.1`],
      ]);
    });
  });

  describe('names', () => {
    const getent = (name: string, of: string) =>
      shell(host(name), `getent hosts ${of} || true`).then((line) => line.trim().split(/\s+/).join(' '));

    test('are answered with addresses that the asker has a way to, also backwards', async () => {
      for (const name of ['alice', 'bob', 'fixed', 'gw']) {
        expect(await getent(name, 'echo.dmz')).toBe(`10.${net}.2.10 echo.dmz`);
        expect(await getent(name, 'echo')).toBe(`10.${net}.2.10 echo`);
      }
      expect(await getent('alice', 'bob')).toBe(`10.${net}.1.4 bob.office`);
      expect(await getent('fixed', 'gw.dmz')).toBe(`10.${net}.2.1 gw.dmz`);
      expect(await getent('alice', `10.${net}.2.10`)).toBe(`10.${net}.2.10 echo.dmz`);
    });

    test('go over the wire, the network’s own first; one that nobody has does not exist, and nobody else is asked', async () => {
      const seen = await messages(['alice', 'echo', 'shelf'], async () => {
        expect(await shell(host('alice'), 'getent ahostsv4 echo | head -n1')).toContain(`10.${net}.2.10`);
        expect(await getent('alice', 'nobody.example')).toBe('');
      });
      const words = seen.map((line) => line.replace(/:\d+/g, ''));
      expect(words.filter((line) => !/^udp (alice > gw|gw > alice) /.test(line))).toEqual([]);
      expect(words.slice(0, 4)).toEqual([
        'udp alice > gw query',
        'udp gw > alice no-such-name',
        'udp alice > gw query',
        'udp gw > alice answer',
      ]);
      expect(words.slice(4).filter((line) => line.endsWith('answer'))).toEqual([]);
    });

    test('of hosts that nobody there has a way to are not given', async () => {
      expect(await getent('alice', 'lone')).toBe('');
    });

    test('stay in the hosts file where there is no name server', async () => {
      expect(await getent('shelf', 'alice')).toBe(`10.${net}.1.3 alice`);
      expect(await messages(['shelf'], () => getent('shelf', 'nobody'))).toEqual([]);
    });
  });

  describe('when the server is not as it should be', () => {
    const serving = () => host('gw').plan.serves as ServingSetup[];
    const serve = (networks: ServingSetup[]) => host('gw').agent.serve({ networks });

    test('a lease that is another than planned is told, and used', async () => {
      const elsewhere = serving().map((one) => ({
        ...one,
        pools: one.pools!.map((pool) => ({
          ...pool,
          leases: pool.leases.map((lease) => ({ ...lease, address: lease.address.replace('.1.3', '.1.77') })),
        })),
      }));
      await serve(elsewhere);
      await host('alice').agent.release({ card: 'eth0' });
      const taken = takeLease(host('alice'), card('alice'));
      await expect(taken).rejects.toThrow(
        `alice was leased something else on office: address 10.${net}.1.77, planned 10.${net}.1.3`,
      );
      expect(await addresses('alice')).toEqual([`10.${net}.1.77/24`]);
      await serve(serving());
      await obtain('alice');
      expect(await addresses('alice')).toEqual([`10.${net}.1.3/24`]);
    });

    test('its end is told of, a lease is not renewed, and started again it knows all as before', async () => {
      const { events } = host('gw');
      await shell(
        host('gw'),
        'for p in /proc/[0-9]*; do case $(cat $p/comm) in dnsmasq) kill -KILL ${p#/proc/};; esac; done',
      );
      const told = await events.first(({ event }) => event === 'server-ended', 10_000);
      expect(told).toMatchObject({ program: 'dnsmasq', network: 'office', how: 'SIGKILL' });
      await expect(renew('bob', 1500)).rejects.toMatchObject({ data: { kind: 'timeout' } });
      expect(await addresses('bob')).toEqual([`10.${net}.1.4/24`]);
      await expect(obtain('bob', 1500)).rejects.toMatchObject({ data: { kind: 'timeout' } });
      expect(await addresses('bob')).toEqual([]);
      await serve(serving());
      await obtain('bob');
    });

    test('what it cannot serve is told in its own words', async () => {
      const wrong = { cards: ['eth7'], networks: ['nowhere'], names: [] };
      await expect(serve([...serving(), wrong])).rejects.toThrow(/dnsmasq for nowhere: .*eth7/);
      await serve(serving());
    });
  });
}

/** Alice asks again: when nothing is wrong, when the cable is out, and when nobody serves any more. */
const FAILING = (net: number) => `${DEAF(net, 'sysctls: {}')}
steps:
  - { name: first, at: alice, lease: renew, expect: { fields: { address: 10.${net}.8.2 } } }
  - { fault: { unplug: gw } }
  - { name: unplugged, at: alice, lease: { how: renew, give_up: 300ms } }
  - { plug: gw }
  - at: gw
    exec: "for p in /proc/[0-9]*; do case $(cat $p/comm) in dnsmasq) kill -KILL \${p#/proc/};; esac; done"
  - { name: ended, at: alice, lease: { how: obtain, give_up: 300ms } }
`;

function unserved(engine: Engine, net: number): void {
  test('why a lease does not come is told: the cable, the server', async () => {
    const scenario = loadScenario(FAILING(net), 'failing.yaml', vocabulary);
    const { steps } = await runScenario(scenario, { engine, signal: new AbortController().signal });
    const named = (name: string) => steps.find((step) => step.name === name)!;
    expect(named('first').status).toBe('held');
    const why = (name: string) => named(name).checks.find(({ held }) => !held)?.why;
    expect(why('unplugged')).toMatch(/^the cable of gw \(eth0, office\) is unplugged by step 2/);
    expect(why('ended')).toMatch(/^gw's dnsmasq, which served office, has ended \(SIGKILL\)/);
  }, 60_000);

  test('where nobody answers the lab does not come up, says so, and leaves nothing in the way of the next', async () => {
    await expect(labOf(engine, DEAF(net))).rejects.toThrow(
      `alice asked for its address on office, and nobody answered in 10 s (the server is 10.${net}.8.1)`,
    );
    await using lab = await labOf(engine, DEAF(net, 'allow: ["udp * > *:67"]'));
    expect(hostOf(lab, 'alice').plan.interfaces[0]!.addresses[0]!.address).toBe(`10.${net}.8.2`);
  }, 120_000);
}

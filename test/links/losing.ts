/**
 * What faults must do on every engine that lose what two hosts say to each other: unanswered, answered by the cable, without
 * ARP, across a router, and with a host that goes down. Seen from both ends.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lab } from '../../lab/api/lab.ts';
import { lab } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { describeNeeding } from '../needs.ts';

/** Networks are 10.NET.x.0/24. */
export async function losingContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `what is lost on ${engine.name}`, () => {
    let here: Lab;

    beforeAll(async () => {
      here = await lab(
        {
          lab: 'losing',
          networks: { lan: [`10.${net}.1.0/24`, `fd00:${net}::/64`], far: `10.${net}.2.0/24` },
          hosts: {
            gw: { networks: ['lan', 'far'], forward: true },
            alice: { networks: ['lan'] },
            bob: { networks: ['lan'] },
            echo: { networks: ['lan'], service: 'tcp-echo' },
            away: { networks: ['far'], service: 'tcp-echo' },
          },
        },
        { engine },
      );
    });
    afterAll(async () => {
      await here?.down();
    });

    const open = (who: string, whom: string, family?: 'ipv6') =>
      here.host(who).tcp(`${whom}:9000`, { giveUp: 5000, ...(family && { family }) });
    async function reach(who: string, whom: string): Promise<string> {
      await using talk = await open(who, whom);
      await talk.write('hello');
      return `${await talk.read(5)}`;
    }
    const failure = (work: Promise<unknown>) =>
      work.then(
        () => 'none',
        (error: { kind?: string }) => error.kind,
      );
    const connects = (who: string, whom: string) =>
      failure(here.host(who).tcp(`${whom}:9000`, { giveUp: 300 }));
    const pings = (who: string, whom: string) => failure(here.host(who).ping(whom, { giveUp: 300 }));

    test.each([undefined, 'ipv6'] as const)(
      'a reject answers at once (%s), and only who is meant',
      async (family) => {
        await using closed = await here.fault({ reject: { from: 'alice', to: 'echo' } });
        expect(await failure(open('alice', 'echo', family))).toBe('refused');
        expect(await failure(here.host('alice').ping('echo', { ...(family && { family }) }))).toBe(
          'unreachable',
        );
        expect(
          await failure(here.host('alice').ntp('echo', { giveUp: 5000, ...(family && { family }) })),
        ).toBe('refused');
        expect(await reach('bob', 'echo')).toBe('HELLO');
        await closed.heal();
        expect(closed.tallies.reduce((sum, { dropped }) => sum + (dropped.reject ?? 0), 0)).toBe(3);
        expect(await reach('alice', 'echo')).toBe('HELLO');
      },
    );

    test.each([undefined, 'ipv6'] as const)('a reset ends a connection at both ends (%s)', async (family) => {
      await using listener = await here.host('bob').listen({ tcp: 9100 });
      const connected = here.host('alice').tcp('bob:9100', { ...(family && { family }) });
      await using taken = await listener.accept();
      await using talk = await connected;
      await using _ = await here.fault({ reset: ['alice', 'bob'], only: 'tcp * > *' });
      await talk.write('hello');
      expect(await failure(talk.read(1, { giveUp: 5000 }))).toBe('reset');
      expect(await failure(taken.read(1, { giveUp: 5000 }))).toBe('reset');
      expect(await reach('alice', 'echo')).toBe('HELLO');
    });

    test('a black hole takes everything, ARP too, and only what is named', async () => {
      const hole = await here.fault({ blackhole: ['alice', 'echo'], only: 'icmp * > *' });
      expect([await pings('alice', 'echo'), await reach('alice', 'echo')]).toEqual(['timeout', 'HELLO']);
      await hole.heal();
      await here.host('alice').exec(['ip', 'neigh', 'flush', 'dev', 'eth0']);
      await using _ = await here.fault({ blackhole: ['alice', 'echo'] });
      expect(await connects('alice', 'echo')).toBe('timeout');
      const { neighbours } = { neighbours: await here.host('alice').neighbours() };
      expect(neighbours.filter(({ mac, address }) => mac && address.startsWith('10.'))).toEqual([]);
    });

    test('a cut that keeps ARP loses packets, and MACs are found out all the same', async () => {
      await here.host('alice').exec(['ip', 'neigh', 'flush', 'dev', 'eth0']);
      await using gap = await here.fault({ cut: { between: ['alice', 'echo'], arp: 'keep' } });
      expect(gap.did).toBe('cut alice – echo, ARP kept');
      expect(await connects('alice', 'echo')).toBe('timeout');
      const echo = here.host('echo').address;
      const known = (await here.host('alice').neighbours()).find(({ address }) => address === echo);
      expect(known?.mac).toBeDefined();
      await gap.heal();
      expect(await reach('alice', 'echo')).toBe('HELLO');
    });

    test('a cut across a router is between those two, and one way where it says so', async () => {
      const gap = await here.cut('alice', 'away');
      expect([await connects('alice', 'away'), await pings('alice', 'gw')]).toEqual(['timeout', 'none']);
      expect(await reach('bob', 'away')).toBe('HELLO');
      await gap.heal();
      await using talk = await open('alice', 'away');
      await using _ = await here.cut({ from: 'away', to: 'alice' });
      await talk.write('there');
      expect(await failure(talk.read(1, { giveUp: 300 }))).toBe('timeout');
      const seen = await here.host('away').events.first({ text: 'there' }, { within: 5000 });
      expect(seen).toBeDefined();
    });

    if (engine.never.signals === undefined)
      test('a crash says nothing to anybody; who comes back knows no connection', async () => {
        await using talk = await open('alice', 'echo');
        const dark = await here.fault({ crash: 'echo' });
        await talk.write('hello');
        expect(await failure(talk.read(1, { giveUp: 300 }))).toBe('timeout');
        expect(await pings('alice', 'echo')).toBe('timeout');
        await dark.heal();
        expect(await failure(talk.read(1, { giveUp: 20_000 }))).toBe('reset');
        expect(await reach('alice', 'echo')).toBe('HELLO');
      });
  });
}

/**
 * A host may speak with any MAC: a changed one, a macvlan's, that of what is behind a bridge of its own, one that moves
 * from host to host. All of it passes, is seen as it is, and a cut takes all of it: a cut is of the cable.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Captures } from '../../lab/captures/captures.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { cut } from '../../lab/faults/cut.ts';
import type { Side } from '../../lab/faults/sides.ts';
import { unplug } from '../../lab/faults/unplug.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { printFrame } from '../../lab/wire/print.ts';
import { hostOf, labOf, look, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

/** A card that goes up says so, and answers for its own addresses alone. */
const SETTINGS = 'sysctls: { net.ipv4.conf.all.arp_notify: 1, net.ipv4.conf.all.arp_ignore: 1 }';

const LAB = (net: number) => `
lab: macs
networks: { lan: 10.${net}.1.0/24 }
hosts:
  one: { networks: { lan: 10.${net}.1.11 }, ${SETTINGS} }
  two: { networks: { lan: 10.${net}.1.12 }, ${SETTINGS} }
  pc: { networks: { lan: { address: 10.${net}.1.21, mac: "${WRITTEN}" } } }
  bob: { networks: { lan: 10.${net}.1.22 } }
`;

/** In a scenario, by somebody who wrote it as Windows does. */
const WRITTEN = '02-00-00-00-00-AA';

/** VRRP's for the virtual router 1 (RFC 9568 section 7.3). */
const VIRTUAL = '00:00:5e:00:01:01';

/** The network is 10.NET.1.0/24. */
export async function macContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `MACs that are no card's, on ${engine.name}`, () => {
    let lab: LiveLab;
    const host = (name: string) => hostOf(lab, name);
    const address = (last: number) => `10.${net}.1.${last}`;
    const [pc, service] = [address(21), address(100)];

    beforeAll(async () => {
      lab = await labOf(engine, LAB(net));
    });
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
    });

    const at = (name: string, script: string) => shell(host(name), script);
    const forget = () => Promise.all([...lab.hosts.keys()].map((name) => at(name, 'ip neigh flush all')));
    const both = (from: Side, to: Side) => cut.begin({ from, to, ways: 'both' }, lab.hosts);

    /** Whether an answer comes, by a question for the MAC that is asked anew. */
    async function reaches(name: string, to: string, from = ''): Promise<boolean> {
      await at(name, 'ip neigh flush all');
      const answer = await at(name, `ping -c2 -i0.2 -W1 ${from} ${to} >&2 && echo yes || echo no`);
      return answer.trim() === 'yes';
    }

    /** Frames from a MAC that came to `name`, or left it, during `work`. */
    async function framesFrom(mac: string, name: string, work: () => Promise<unknown>): Promise<string[]> {
      const eye = await look(host(name));
      await work();
      return (await eye.stop()).filter((line) => line.includes(` ${mac} > `));
    }

    /** Captures at both say that what is from the MAC left one, and came to pc. */
    async function isCaptured(mac: string, from?: string): Promise<void> {
      const captures = new Captures(lab.hosts, []);
      const wire = (await captures.watch(['one', 'pc'], []))!;
      expect(await reaches('one', pc, from)).toBe(true);
      expect(await wire.barrier(['one', 'pc'])).toEqual({});
      const seen = wire.frames().filter(({ frame }) => frame.ethernet?.source === mac);
      const places = seen.map(({ sightings }) => sightings.map(({ card, way }) => `${way} ${card.host}`));
      await captures.stop();
      expect(places.length).toBeGreaterThan(2);
      expect(new Set(places.map((one) => one.join()))).toEqual(new Set(['out one,in pc']));
    }

    /** Passes, is seen, and at one's cable all of it can be taken, and nothing else. */
    async function holdsFor(mac: string, last: number, from?: string): Promise<void> {
      const speak = () => Promise.all([reaches('one', pc, from), reaches('one', address(22), from)]);
      const whole = await framesFrom(mac, 'pc', async () => expect(await speak()).toEqual([true, true]));
      expect(whole.length).toBeGreaterThan(0);
      await isCaptured(mac, from);
      await using gap = await both(['one'], ['pc']);
      const parted = await framesFrom(mac, 'pc', async () => expect(await speak()).toEqual([false, true]));
      expect(parted).toEqual([]);
      await gap.heal();
      expect(await reaches('pc', address(last))).toBe(true);
      const pulled = await unplug.begin('one', lab.hosts);
      expect(await reaches('bob', address(last))).toBe(false);
      await pulled.heal();
      expect(await reaches('bob', address(last))).toBe(true);
    }

    test('that is written in the scenario is its card’s, and pc is called so in captures', async () => {
      const written = WRITTEN.replaceAll('-', ':').toLowerCase();
      const [card] = await host('pc').agent.interfaces();
      expect(card).toMatchObject({ name: 'eth0', mac: written });
      const captures = new Captures(lab.hosts, []);
      const wire = (await captures.watch(['bob'], []))!;
      expect(await reaches('pc', address(22))).toBe(true);
      expect(await wire.barrier(['bob'])).toEqual({});
      const lines = wire.frames().map(({ frame }) => printFrame(frame, wire.names));
      await captures.stop();
      expect(lines[0]).toMatch(/^arp pc > broadcast who-has bob/);
    });

    describe('a changed one', () => {
      const changed = '02:00:00:00:00:99';
      afterAll(() => at('one', `ip link set dev eth0 address ${host('one').plan.interfaces[0]!.mac}`));

      test('passes and is seen, and a cut and a cable pulled out take it', async () => {
        await at('one', `ip link set dev eth0 address ${changed}`);
        await holdsFor(changed, 11);
      });

      test('taken while the cable is cut, not one frame of it comes through', async () => {
        await using _ = await both(['one'], ['pc']);
        const came = await framesFrom('02:00:00:00:00:9a', 'pc', async () => {
          await at('one', 'ip link set dev eth0 address 02:00:00:00:00:9a');
          expect(await reaches('one', address(22))).toBe(true);
          await at('one', `ping -c3 -i0.2 -W0.2 -b ${address(255)} >&2 || true`);
          expect(await reaches('one', pc)).toBe(false);
        });
        expect(came).toEqual([]);
      });

      test('one way cut leaves the other', async () => {
        await using _ = await cut.begin({ from: ['one'], to: ['pc'], ways: 'one' }, lab.hosts);
        const heard = () =>
          framesFrom(host('pc').plan.interfaces[0]!.mac, 'one', () => reaches('pc', address(11)));
        expect((await heard()).some((line) => line.includes(`who-has ${address(11)}`))).toBe(true);
        expect(await reaches('pc', address(11))).toBe(false);
        expect(await reaches('bob', address(11))).toBe(true);
      });

      test('costs others not one frame, whatever is cut while it speaks', async () => {
        await forget();
        await reaches('one', address(22));
        const pings = at('one', `ping -q -f -c 10000 ${address(22)}`);
        let over = false;
        void pings.finally(() => {
          over = true;
        });
        for (; !over; ) await (await both(['two'], ['pc'])).heal();
        expect(await pings).toContain('10000 packets transmitted, 10000 received');
      });
    });

    test('a macvlan’s passes, and a cut and a cable pulled out take it', async () => {
      const mac = '02:00:00:00:00:77';
      await at(
        'one',
        `ip link add link eth0 name side address ${mac} type macvlan mode bridge
        ip address add ${address(77)}/24 dev side && ip link set side up`,
      );
      try {
        await holdsFor(mac, 77, '-I side');
      } finally {
        await at('one', 'ip link del side');
      }
    });

    test('that of somebody behind a bridge of the host’s passes, and a cut and a cable pulled out take it', async () => {
      const mac = '02:00:00:00:00:78';
      await at(
        'one',
        `ip link add name inner type bridge && ip link set eth0 master inner
        ip link add name near type veth peer name far address ${mac}
        ip link set near master inner && ip link set inner up && ip link set near up
        ip address add ${address(78)}/24 dev far && ip link set far up
        ip route del ${address(0)}/24 dev eth0`,
      );
      try {
        await holdsFor(mac, 78, '-I far');
      } finally {
        await at('one', `ip link del inner; ip link del near; ip route add ${address(0)}/24 dev eth0`);
      }
    });

    describe('a virtual one', () => {
      const take = `ip link add link eth0 name vr address ${VIRTUAL} type macvlan mode bridge
        ip address add ${service}/32 dev vr && ip link set vr up && ip route add ${pc} dev vr src ${service}`;
      const leave = 'ip link del vr';

      /** The MAC that answers for the address, as pc has it, and whose ping it is. */
      const answers = async (name: string) => {
        const frames = await framesFrom(VIRTUAL, name, () => reaches('pc', service));
        return frames.some((line) => line.includes('ICMP echo reply'));
      };

      test('moves from host to host with one gratuitous ARP', async () => {
        await at('one', take);
        expect(await answers('one')).toBe(true);
        await at('one', leave);
        await at('two', take);
        const [one, two] = [await look(host('one')), await look(host('two'))];
        expect(await at('pc', `ping -c2 -i0.2 -W1 ${service}`)).toContain('2 received');
        expect((await one.stop()).filter((line) => line.includes('ICMP'))).toEqual([]);
        expect((await two.stop()).filter((line) => line.includes('ICMP')).length).toBe(4);
        await at('two', leave);
      });

      test('is heard of who has taken it over, though who had it is cut off and speaks on', async () => {
        await at('one', take);
        expect(await reaches('pc', service)).toBe(true);
        await using gap = await both(['one'], 'all');
        const still = at('one', `ping -c5 -i0.2 -W0.2 -I vr ${pc} >&2 || true`);
        expect(await reaches('pc', service)).toBe(false);
        await at('two', take);
        await still;
        expect(await at('pc', `ping -c2 -i0.2 -W1 ${service}`)).toContain('2 received');
        await at('one', leave);
        await at('two', leave);
        await gap.heal();
      });
    });

    test('a card’s own is heard of who has taken it over, though its owner is cut off and speaks on', async () => {
      const [mine, theirs] = ['one', 'two'].map((name) => host(name).plan.interfaces[0]!.mac);
      const [old, own] = [`${address(11)}/24`, `ip link set dev eth0 address ${theirs}`];
      await at('one', `ip link set dev eth0 address ${mine}`);
      await using gap = await both(['one'], 'all');
      expect(await reaches('pc', address(11))).toBe(false);
      await at('two', `ip link set dev eth0 address ${mine} && ip address add ${old} dev eth0`);
      try {
        expect(await reaches('pc', address(11))).toBe(true);
        const said = await framesFrom(mine!, 'pc', () => at('one', `ping -c3 -i0.2 -W0.2 ${pc} >&2 || true`));
        expect(said).toEqual([]);
        expect(await reaches('pc', address(11))).toBe(true);
      } finally {
        await at('two', `ip address del ${old} dev eth0 && ${own}`);
      }
      await gap.heal();
      expect(await reaches('pc', address(11))).toBe(true);
    });
  });
}

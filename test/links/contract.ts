/**
 * What links and their faults must do on every engine. Nothing here hangs on how busy the machine is: what arrives is
 * counted against what the cable says that it has done, and what is late is never too early.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tally } from '../../lab/agent/protocol.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { cut } from '../../lab/faults/cut.ts';
import type { Fault, FaultKind } from '../../lab/faults/fault.ts';
import { unplug } from '../../lab/faults/unplug.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { faults } from '../../lab/vocabulary.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const LAB = (net: number) => `
lab: links
networks:
  lan: 10.${net}.1.0/24
  far: { subnet: 10.${net}.2.0/24, link: { delay: 30ms } }
hosts:
  alice: { networks: { lan: 10.${net}.1.21, far: 10.${net}.2.21 } }
  bob: { networks: { lan: 10.${net}.1.22, far: { address: 10.${net}.2.22, link: { in: { delay: 10ms } } } } }
  carol: { networks: { lan: 10.${net}.1.23 } }
  dave: { networks: { lan: 10.${net}.1.24 } }
links:
  - { between: [carol, dave], delay: 15ms }
  - { from: carol, to: dave, rate: 1Gbit/s, mtu: 1000 }
`;

const PORT = 7000;

/** Networks are 10.NET.x.0/24. */
export async function linkContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `links on ${engine.name}`, () => {
    let lab: LiveLab;
    const host = (name: string) => hostOf(lab, name);
    const addressOf = (name: string) => host(name).plan.interfaces[0]!.addresses[0]!.address;

    beforeAll(async () => {
      lab = await labOf(engine, LAB(net));
    });
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]();
    });

    /** As it is written in a scenario, without `as`. */
    function fault(written: Record<string, unknown>): Promise<Fault> {
      const kind = faults.find(({ word }) => written[word] !== undefined)! as FaultKind;
      const shape: Record<string, { parse(value: unknown): unknown }> = { ...kind.beside?.shape };
      for (const { word, schema } of faults) shape[word] ??= schema;
      const args = Object.fromEntries(
        Object.entries(written).map(([key, value]) => [key, shape[key]!.parse(value)]),
      );
      return kind.begin(kind.beside ? args : args[kind.word], lab.hosts, lab.plan);
    }

    /** Who sends numbered datagrams to whom, and what comes of them: all that were sent before it was asked. */
    async function row(from: string, to: string) {
      const there = await host(to).agent.udpOpen({ bind: { address: addressOf(to), port: 0 } });
      const here = await host(from).agent.udpOpen({ to: { address: addressOf(to), port: there.local.port } });
      const send = (text: string) =>
        host(from).agent.udpSend({ handle: here.handle, bytes: Buffer.from(text) });
      // Whoever asks for a MAC asks now.
      const receive = async () =>
        Buffer.from(
          (await host(to).agent.udpReceive({ handle: there.handle, giveUp: 30_000 })).bytes,
        ).toString();
      await send('first');
      expect(await receive()).toBe('first');
      return {
        port: there.local.port,
        raw: (bytes: Uint8Array) => host(from).agent.udpSend({ handle: here.handle, bytes }),
        length: async () => (await receive()).length,
        async send(count: number) {
          for (let number = 1; number <= count; number++) await send(String(number));
        },
        /** After the fault is over: what stands on the cable goes ahead of it. */
        async came() {
          await send('last');
          const all: string[] = [];
          for (let text = await receive(); text !== 'last'; text = await receive()) all.push(text);
          return all.map(Number);
        },
        async [Symbol.asyncDispose]() {
          await host(to).agent.close({ handle: there.handle });
          await host(from).agent.close({ handle: here.handle });
        },
      };
    }

    /** Of faults that have met any frame: what is between two hosts stands on each network that they share. */
    async function talliesAt(...names: string[]): Promise<Tally[]> {
      const all = await Promise.all(names.map((name) => host(name).agent.accountOfCables()));
      expect(all.flatMap(({ missed }) => missed)).toEqual([]);
      return all
        .flatMap(({ tallies }) => tallies)
        .filter(({ stage, frames }) => !stage.startsWith('link ') && frames > 0);
    }

    /** The same, when the cable has met so many frames: on a busy machine some are still on their way to it. */
    async function settled(frames: number, ...names: string[]): Promise<Tally[]> {
      let tallies: Tally[] = [];
      await expect
        .poll(async () => {
          tallies = await talliesAt(...names);
          return tallies.reduce((sum, one) => sum + one.frames, 0);
        })
        .toBeGreaterThanOrEqual(frames);
      return tallies;
    }

    const countTo = (end: number) => Array.from({ length: end }, (_, index) => index + 1);

    describe('a link in the scenario', () => {
      test('delays what goes by its network once each way, and what comes by one card once more', async () => {
        const said = await shell(host('alice'), `ping -c5 -i0.2 -W5 10.${net}.2.22`);
        const [shortest] = /= ([\d.]+)\//.exec(said)!.slice(1).map(Number);
        // 30 there, 10 at her card, 30 back.
        expect(shortest).toBeGreaterThanOrEqual(70);
        expect(said).toContain('5 received');
      });

      test('between two hosts delays both ways what is one way, and each way has its own', async () => {
        const said = await shell(host('carol'), `ping -c3 -i0.2 -W5 ${addressOf('dave')}`);
        expect(Number(/= ([\d.]+)\//.exec(said)![1])).toBeGreaterThanOrEqual(30);
        const large = await shell(host('carol'), `ping -c1 -s1200 -W1 ${addressOf('dave')} || true`);
        expect(large).toContain('0 received');
        const back = await host('carol').agent.accountOfCables();
        expect(back.tallies.map(({ stage, direction, dropped }) => [stage, direction, dropped])).toEqual([
          ['link dave > carol', 'in', {}],
        ]);
        const there = await host('dave').agent.accountOfCables();
        expect(there.verdicts.map(({ stage, why }) => [stage, why])).toEqual([['link carol > dave', 'mtu']]);
      });

      test('goes on as it was when its cable has been out, and when a fault has come and gone beside it', async () => {
        const far = `10.${net}.2.22`;
        const out = await unplug.begin('alice.far', lab.hosts);
        await host('alice').agent.accountOfCables();
        await out.heal();
        expect(await shell(host('alice'), `ping -c2 -i0.2 -W5 ${far}`)).toContain('2 received');
        const standing = async () =>
          (await host('dave').agent.accountOfCables()).tallies.map(({ stage, frames }) => [
            stage,
            frames > 0,
          ]);
        const before = await standing();
        const gone = await fault({ loss: '1%', on: 'dave', only: 'udp * > *' });
        await gone.heal();
        expect(await standing()).toEqual(before);
        const large = await shell(host('carol'), `ping -c1 -s1200 -W1 ${addressOf('dave')} || true`);
        expect(large).toContain('0 received');
      });

      test('delays nothing on another network', async () => {
        const { tallies } = await host('alice').agent.accountOfCables();
        expect(tallies.map(({ stage, direction, cable }) => [stage, direction, cable])).toEqual([
          ['link far', 'out', 'eth1'],
        ]);
      });
    });

    describe('a fault', () => {
      test('loses exactly what it says, which depends on the seed alone', async () => {
        await using datagrams = await row('alice', 'bob');
        const lost: number[][] = [];
        for (const _ of [1, 2]) {
          const lossy = await fault({
            loss: '30%',
            on: { from: 'alice', to: 'bob' },
            only: `udp alice > bob:${datagrams.port}`,
            seed: 7,
          });
          expect(lossy.did).toBe('loss 30% on alice > bob (seed 7)');
          await datagrams.send(100);
          const [tally] = await settled(100, 'bob');
          await lossy.heal();
          const came = await datagrams.came();
          expect(tally).toMatchObject({ frames: 100, direction: 'in' });
          expect(came).toHaveLength(100 - tally!.dropped.loss!);
          lost.push(countTo(100).filter((one) => !came.includes(one)));
        }
        expect(lost[0]).toEqual(lost[1]);
        expect(lost[0]!.length).toBeGreaterThan(10);
        expect(lost[0]!.length).toBeLessThan(55);
      });

      test('drops the named frames and no others', async () => {
        await using datagrams = await row('alice', 'bob');
        const gap = await fault({ drop: { nth: [3, 5], of: `udp alice > bob:${datagrams.port}` } });
        await datagrams.send(6);
        await settled(6, 'alice');
        await gap.heal();
        expect(await datagrams.came()).toEqual([1, 2, 4, 6]);
      });

      test('doubles, and says how many', async () => {
        await using datagrams = await row('alice', 'bob');
        const twice = await fault({
          duplicate: '20%',
          on: { out: 'alice.lan' },
          only: `udp alice > bob:${datagrams.port}`,
          seed: 3,
        });
        await datagrams.send(60);
        const [tally] = await settled(60, 'alice');
        await twice.heal();
        const came = await datagrams.came();
        expect(tally!.doubled).toBeGreaterThan(0);
        expect(came).toHaveLength(60 + tally!.doubled);
        expect([...new Set(came)]).toEqual(countTo(60));
      });

      test('turns bits, which the receiver’s checksum finds', async () => {
        await using datagrams = await row('alice', 'bob');
        const noisy = await fault({
          corrupt: '20%',
          on: { from: 'alice', to: 'bob' },
          only: `udp alice > bob:${datagrams.port}`,
          seed: 3,
        });
        await datagrams.send(60);
        const [tally] = await settled(60, 'bob');
        await noisy.heal();
        expect(tally!.corrupted).toBeGreaterThan(0);
        expect(await datagrams.came()).toHaveLength(60 - tally!.corrupted);
      });

      test('lets the next frame overtake', async () => {
        await using datagrams = await row('alice', 'bob');
        // The last of them is not drawn with this seed, so that all are ahead of what comes later.
        const mixed = await fault({
          reorder: '30%',
          on: { out: 'alice' },
          only: `udp alice > bob:${datagrams.port}`,
          seed: 1,
        });
        await datagrams.send(20);
        const [tally] = await settled(20, 'alice');
        await mixed.heal();
        expect(tally!.overtaken).toBeGreaterThan(0);
        expect((await datagrams.came()).toSorted((a, b) => a - b)).toEqual(countTo(20));
      });

      test('is for one direction, and for what matches', async () => {
        await using there = await row('alice', 'bob');
        await using back = await row('bob', 'alice');
        await using other = await row('carol', 'bob');
        const gone = await fault({ loss: '100%', on: { from: 'alice', to: 'bob' }, only: 'udp * > *' });
        for (const datagrams of [there, back, other]) await datagrams.send(5);
        await shell(host('alice'), `ping -c2 -i0.2 -W5 ${addressOf('bob')}`);
        const tallies = await settled(5, 'alice', 'bob', 'carol');
        await gone.heal();
        expect(tallies.map(({ frames, dropped }) => [frames, dropped.loss])).toEqual([[5, 5]]);
        expect(await there.came()).toEqual([]);
        expect(await back.came()).toEqual(countTo(5));
        expect(await other.came()).toEqual(countTo(5));
      });

      test('never lets a frame arrive too early', async () => {
        await using _ = await fault({ delay: '40ms', on: ['alice', 'bob'] });
        const said = await shell(host('alice'), `ping -c5 -i0.2 -W5 ${addressOf('bob')}`);
        expect(Number(/= ([\d.]+)\//.exec(said)![1])).toBeGreaterThanOrEqual(80);
      });

      test('lets no more through than its rate', async () => {
        await using _ = await fault({ rate: '1Mbit/s', on: { out: 'alice' } });
        const { listener, took } = await transfer('alice', 'bob', 100_000);
        // 100,000 bytes are 0.8 s at 1 Mbit/s, without a header.
        expect(took).toBeGreaterThan(700);
        expect(listener).toBe(100_000);
      });

      test('lets each frame go at its opportunity, and counts them exactly', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'lanlab-trace-'));
        try {
          // Two opportunities in each 20 ms, the second one at its end.
          writeFileSync(join(folder, 'ten.trace'), '10\n20\n');
          await using datagrams = await row('alice', 'bob');
          const slow = await fault({
            rate: { trace: join(folder, 'ten.trace') },
            queue: '5 packets',
            on: { out: 'alice' },
            only: `udp alice > bob:${datagrams.port}`,
          });
          expect(slow.did).toContain('1.2032 Mbit/s on average');
          const began = performance.now();
          // Of 1,500 bytes with its headers (RFC 791, RFC 768): one opportunity each.
          const full = Buffer.alloc(1472, 'x');
          for (let number = 0; number < 20; number++) await datagrams.raw(full);
          const [tally] = await settled(20, 'alice');
          const lost = tally!.dropped.queue ?? 0;
          for (let number = 0; number < 20 - lost; number++) expect(await datagrams.length()).toBe(1472);
          // The first one goes 10 ms after it came, and each later one 10 ms after the one before it.
          expect(performance.now() - began).toBeGreaterThanOrEqual((20 - lost) * 10 - 1);
          expect(lost).toBeLessThanOrEqual(14);
          await slow.heal();
          expect(await datagrams.came()).toEqual([]);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });

      test('impairs frame by frame: what a card would have cut into segments is cut before', async () => {
        const narrow = await fault({ mtu: 1500, on: ['alice', 'bob'] });
        await transfer('alice', 'bob', 1_000_000);
        const tallies = await talliesAt('alice', 'bob');
        await narrow.heal();
        expect(tallies.every(({ dropped }) => dropped.mtu === undefined)).toBe(true);
        expect(tallies.reduce((sum, { frames }) => sum + frames, 0)).toBeGreaterThan(690);
      });

      test('is overcome by TCP: what is sent arrives whole across loss', async () => {
        await using _ = await fault({
          loss: '5%',
          duplicate: '2%',
          reorder: '5%',
          on: ['alice', 'bob'],
          seed: 11,
        });
        expect((await transfer('alice', 'bob', 300_000)).listener).toBe(300_000);
      });

      test('that is cut has nothing on its way any more', async () => {
        await using datagrams = await row('alice', 'bob');
        const far = await fault({
          delay: '10s',
          on: { from: 'alice', to: 'bob' },
          only: `udp alice > bob:${datagrams.port}`,
        });
        await datagrams.send(3);
        await settled(3, 'bob');
        const gap = await cut.begin({ from: ['alice'], to: ['bob'], ways: 'both' }, lab.hosts);
        const [tally] = await talliesAt('bob');
        await far.heal();
        await gap.heal();
        expect(tally!.frames).toBe(3);
        expect(await datagrams.came()).toEqual([]);
      });
    });

    /** So many bytes by TCP: how many came, and in how many milliseconds. */
    async function transfer(from: string, to: string, bytes: number) {
      const listening = await host(to).agent.tcpListen({ at: { address: addressOf(to), port: PORT } });
      const began = performance.now();
      const accepted = host(to).agent.tcpAccept({ handle: listening.handle, giveUp: 50_000 });
      const { handle } = await host(from).agent.tcpConnect({
        to: { address: addressOf(to), port: PORT },
        giveUp: 50_000,
      });
      const peer = await accepted;
      const sent = host(from)
        .agent.tcpSend({ handle, bytes: Buffer.alloc(bytes, 'x'), giveUp: 50_000 })
        .then(() => host(from).agent.tcpShutdown({ handle }));
      let listener = 0;
      for (;;) {
        const { bytes, end } = await host(to).agent.tcpReceive({
          handle: peer.handle,
          max: 1 << 20,
          giveUp: 50_000,
        });
        listener += bytes.length;
        if (end) break;
      }
      await sent;
      const took = performance.now() - began;
      await Promise.all([
        host(to).agent.close({ handle: peer.handle }),
        host(to).agent.close({ handle: listening.handle }),
        host(from).agent.close({ handle }),
      ]);
      return { listener, took };
    }
  });
}

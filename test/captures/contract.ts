/**
 * What captures must be on every engine: ready before the step, complete or said not to be, without anything that
 * the scenario did not ask for, and one timeline of all hosts.
 */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Captures, type KeptMost } from '../../lab/captures/captures.ts';
import { lossText } from '../../lab/captures/losses.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { cut } from '../../lab/faults/cut.ts';
import { unplug } from '../../lab/faults/unplug.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import type { WireView } from '../../lab/outcomes/context.ts';
import { succeeded } from '../../lab/reports/result.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { checksums } from '../../lab/wire/frame-checksums.ts';
import { printFrame } from '../../lab/wire/print.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const LAB = (net: number) => `
lab: captures
networks: { office: 10.${net}.1.0/24, store: 10.${net}.2.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.${net}.1.10, store: 10.${net}.2.10 } }
  bounce: { service: udp-echo, networks: { office: 10.${net}.1.11 } }
  alice: { networks: { office: 10.${net}.1.21 } }
  bob: { networks: { office: 10.${net}.1.22 } }
`;

/** Networks are 10.NET.x.0/24. */
export async function captureContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `captures on ${engine.name}`, () => {
    claims(engine, net);
    steps(engine, net);
  });
}

/** Its host's capture ends while the second step is done. */
const ENDED = (net: number) => `
lab: ended
networks: { office: 10.${net}.3.0/24 }
hosts:
  echo: { service: tcp-echo, networks: { office: 10.${net}.3.10 } }
  alice: { networks: { office: 10.${net}.3.21 } }
steps:
  - { name: before, at: alice, tcp: { to: "echo:9000" }, expect: { wire: { at: echo, in_order: [tcp alice > echo SYN] } } }
  - name: nobody looks
    at: echo
    exec: [sh, -c, 'kill $(grep -lx tcpdump /proc/[0-9]*/comm | cut -d/ -f3)']
    expect: { wire: { at: echo, never: [udp alice > echo] } }
  - { name: after, at: alice, tcp: { to: "echo:9000" }, expect: { wire: { at: echo, in_order: [tcp alice > echo SYN] } } }
`;

function steps(engine: Engine, net: number): void {
  test('a step whose capture ended is incomplete, which is not green, and the next one is captured', async () => {
    const { signal } = new AbortController();
    const run = await runScenario(loadScenario(ENDED(net), 'ended.yaml', vocabulary), { engine, signal });
    expect(run.steps.map(({ status }) => status)).toEqual(['held', 'incomplete', 'held']);
    expect(run.steps[1]!.checks.filter(({ held }) => !held)).toMatchObject([
      { incomplete: true, why: expect.stringMatching(/^echo eth0: the capture program ended by itself/) },
    ]);
    expect(run).toMatchObject({ held: 2, failed: 0, incomplete: 1 });
    expect(succeeded(run)).toBe(false);
  });
}

function claims(engine: Engine, net: number): void {
  let lab: LiveLab;
  const host = (name: string) => hostOf(lab, name);
  const at = (last: number, port: number) => ({ address: `10.${net}.1.${last}`, port });

  beforeAll(async () => {
    lab = await labOf(engine, LAB(net));
  });
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  });

  /** Stopped when the test is over. */
  async function watching(...hosts: string[]): Promise<{ captures: Captures; view: WireView }> {
    return watchingWith(undefined, ...hosts);
  }

  async function watchingWith(
    most: KeptMost | undefined,
    ...hosts: string[]
  ): Promise<{ captures: Captures; view: WireView }> {
    const captures = new Captures(lab.hosts, [], most);
    onTestFinished(async () => void (await captures.stop()));
    const view = await captures.watch(hosts, []);
    if (!view) throw new Error('nothing is captured');
    return { captures, view };
  }

  const lines = (view: WireView, frames: readonly SeenFrame[] = view.frames()) =>
    frames.map(({ frame }) => printFrame(frame, view.names));
  const seenAt = ({ sightings }: SeenFrame) =>
    sightings.map(({ card, way }) => `${card.host} ${way}`).toSorted();

  async function capturer(): Promise<number> {
    const found = await shell(host('alice'), 'grep -lx tcpdump /proc/[0-9]*/comm');
    return Number(found.split('/')[2]);
  }

  async function talk(text: string): Promise<string> {
    const { agent } = host('alice');
    const { handle } = await agent.tcpConnect({ to: at(10, 9000), giveUp: 5000 });
    await agent.tcpSend({ handle, bytes: Buffer.from(text), giveUp: 5000 });
    const { bytes } = await agent.tcpReceive({ handle, max: 1000, giveUp: 5000 });
    await agent.close({ handle });
    return Buffer.from(bytes).toString();
  }

  describe('a capture', () => {
    test('has the first frame of what follows, and the last', async () => {
      await host('alice').agent.forgetNeighbours();
      const { captures, view } = await watching('alice');
      expect(await talk('hello')).toBe('HELLO');
      expect(await captures.drain()).toBeUndefined();
      const seen = lines(view);
      expect(seen[0]).toMatch(/^arp alice > broadcast who-has echo/);
      expect(seen.some((line) => /^tcp alice:\d+ > echo:9000 SYN\b/.test(line))).toBe(true);
      expect(seen.some((line) => line.includes('HELLO'))).toBe(true);
    });

    test('of two hosts is one story: a frame that left one and came to the other is one frame', async () => {
      await host('alice').agent.forgetNeighbours();
      const { captures, view } = await watching('alice', 'echo', 'bob');
      await talk('hello');
      await captures.barrier(['alice', 'echo', 'bob']);
      const frames = view.frames();
      const arp = frames.find(({ frame }) => frame.arp?.operation === 1)!;
      expect(seenAt(arp)).toEqual(['alice out', 'bob in', 'echo in']);
      expect(arp.sightings[0]!.way).toBe('out');
      const syn = frames.find(({ frame }) => frame.tcp?.flags === 2)!;
      expect(seenAt(syn)).toEqual(['alice out', 'echo in']);
      expect(frames.map(({ number }) => number)).toEqual(frames.map((_, index) => index + 1));
    });

    test('of a burst has every datagram, at both ends, and says that nothing is missing', async () => {
      const { captures, view } = await watching('alice', 'bob');
      const [sender, listener] = [host('alice').agent, host('bob').agent];
      const { handle: ear } = await listener.udpOpen({ bind: { port: 7007 } });
      const { handle } = await sender.udpOpen({ to: at(22, 7007) });
      const numbers = Array.from({ length: 500 }, (_, index) => `datagram ${index}`);
      await Promise.all(numbers.map((text) => sender.udpSend({ handle, bytes: Buffer.from(text) })));
      expect(await captures.barrier(['alice', 'bob'])).toBeUndefined();
      const sent = view.frames().filter(({ frame }) => frame.udp?.destinationPort === 7007);
      const texts = sent.map(({ frame: { bytes, payload } }) =>
        Buffer.from(bytes.subarray(payload.start, payload.end)).toString(),
      );
      expect(texts.toSorted()).toEqual(numbers.toSorted());
      expect(sent.map(seenAt)).toEqual(numbers.map(() => ['alice out', 'bob in']));
      await Promise.all([sender.close({ handle }), listener.close({ handle: ear })]);
    });

    test('holds nothing that nobody asked for: a lab at rest is silent, and marks are taken out', async () => {
      // Neighbours that were just used are asked for once more by themselves; those that are forgotten are not.
      for (const { agent } of lab.hosts.values()) await agent.forgetNeighbours();
      const { captures, view } = await watching('alice', 'echo', 'bob');
      await shell(host('alice'), 'true');
      expect(await captures.barrier(['alice', 'echo', 'bob'])).toBeUndefined();
      expect(lines(view)).toEqual([]);
    });

    test('has right checksums and no segment longer than the MTU, and the work is the card’s again after', async () => {
      const before = await shell(host('alice'), 'ethtool -k eth0');
      const { captures, view } = await watching('echo');
      const { agent } = host('alice');
      const { handle } = await agent.tcpConnect({ to: at(10, 7), giveUp: 5000 });
      await agent.tcpSend({ handle, bytes: Buffer.alloc(20_000, 'x'), giveUp: 5000 });
      for (let left = 20_000; left > 0; ) {
        left -= (await agent.tcpReceive({ handle, max: 20_000, giveUp: 5000 })).bytes.length;
      }
      await agent.close({ handle });
      await captures.barrier(['echo']);
      const segments = view.frames().filter(({ frame }) => frame.tcp);
      expect(segments.length).toBeGreaterThan(20);
      expect(
        segments.map(({ frame }) => checksums(frame).transport).filter((one) => one !== 'right'),
      ).toEqual([]);
      expect(Math.max(...segments.map(({ frame }) => frame.length))).toBe(1514);
      expect(await shell(host('alice'), 'ethtool -k eth0')).not.toBe(before);
      await captures.stop();
      expect(await shell(host('alice'), 'ethtool -k eth0')).toBe(before);
    });

    test('has the kernel’s stamps, with nanoseconds, between the step’s start and now', async () => {
      const { captures, view } = await watching('alice');
      const began = Date.now();
      await talk('hello');
      await captures.drain();
      const stamps = view.frames().map(({ sightings: [first] }) => first!);
      const times = stamps.map(({ seconds, nanoseconds }) => seconds * 1000 + nanoseconds / 1e6);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(began - 1);
      expect(Math.max(...times)).toBeLessThanOrEqual(Date.now() + 1);
      expect(stamps.some(({ nanoseconds }) => nanoseconds % 1000 !== 0)).toBe(true);
    });

    test('is taken on every card of the host', async () => {
      const { captures, view } = await watching('echo');
      await host('alice').agent.forgetNeighbours();
      await host('echo').agent.forgetNeighbours();
      await shell(host('alice'), `ping -c1 -W10 10.${net}.1.10`);
      await shell(host('echo'), `ping -c1 -W0.2 10.${net}.2.77 || true`);
      await captures.drain();
      const cards = view.frames().flatMap(({ sightings }) => sightings.map(({ card }) => card.name));
      expect([...new Set(cards)].toSorted()).toEqual(['eth0', 'eth1']);
    });

    test('of large datagrams has every fragment, whole', async () => {
      const { captures, view } = await watching('alice', 'bounce');
      await shell(host('alice'), `ping -c1 -W10 -s 8000 10.${net}.1.11`);
      await captures.barrier(['alice', 'bounce']);
      const sizes = view
        .frames()
        .filter(({ frame }) => frame.ipv4 && frame.ethernet?.source === host('alice').plan.interfaces[0]!.mac)
        .map(({ frame }) => frame.ipv4!.totalLength - 20);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(8008);
      expect(view.frames().every(({ frame }) => frame.bytes.length === frame.length)).toBe(true);
    });

    test('that lost frames says how many, and is not taken for a whole one', async () => {
      const { captures } = await watching('alice');
      const pid = await capturer();
      await shell(host('alice'), `kill -STOP ${pid}`);
      const { agent } = host('alice');
      const { handle } = await agent.udpOpen({ to: at(22, 7008) });
      const bytes = Buffer.alloc(1400);
      for (let sent = 0; sent < 25_000; sent += 100)
        await Promise.all(Array.from({ length: 100 }, () => agent.udpSend({ handle, bytes })));
      await shell(host('alice'), `kill -CONT ${pid}`);
      expect(await captures.drain()).toMatch(/^alice eth0: \d+ of \d+ frames are missing: they came faster/);
      await agent.close({ handle });
    });

    test('that is full is incomplete from then on, at every host and in every later step', async () => {
      const { captures, view } = await watchingWith({ frames: 3, bytes: 1e6 }, 'alice');
      await talk('hello');
      expect((await view.drain(['alice'])).incomplete).toBe(
        "alice: only the run's first 3 frames are kept, at all hosts together",
      );
      const next = (await captures.watch(['alice', 'bob'], ['bob']))!;
      expect((await next.barrier(['alice'])).incomplete).toMatch(/first 3 frames are kept/);
      const last = (await captures.watch(['bob'], []))!;
      expect((await last.drain(['bob'])).incomplete).toMatch(/first 3 frames are kept/);
      // Of the view there may be fewer: the kernel may ask for a neighbour again just before the view begins.
      expect((await captures.stop()).frames).toHaveLength(3);
    });

    test('whose program is killed says so', async () => {
      const { captures, view } = await watching('alice');
      await shell(host('alice'), `kill -KILL ${await capturer()}`);
      await view.more(performance.now() + 10_000);
      expect(captures.losses.map(lossText)).toEqual(['alice eth0: the capture program ended by itself']);
      expect(await captures.drain(['alice'])).toMatch(/alice eth0/);
    });

    test('that has ended is begun anew for the next step, and what was lost before is not its loss', async () => {
      const { captures, view } = await watching('alice', 'bob');
      await shell(host('alice'), `kill -KILL ${await capturer()}`);
      await view.more(performance.now() + 10_000);
      const next = (await captures.watch(['alice', 'bob'], ['bob']))!;
      await host('alice').agent.forgetNeighbours();
      await talk('hello');
      expect(await next.drain(['alice', 'bob'])).toEqual({});
      expect(lines(next)[0]).toMatch(/^arp alice > broadcast who-has echo/);
      expect(await view.drain(['bob'])).toEqual({});
      expect((await view.drain(['alice'])).incomplete).toMatch(/ended by itself/);
    });
  });

  describe('a barrier', () => {
    test('passes where hosts are cut off or unplugged', async () => {
      const { captures, view } = await watching('alice', 'echo');
      await using _ = await cut.begin({ from: ['alice'], to: ['echo'], ways: 'both' }, lab.hosts);
      await shell(host('alice'), `ping -c1 -W0.2 10.${net}.1.10 || true`);
      expect(await captures.barrier(['alice', 'echo'])).toBeUndefined();
      const arp = view.frames().filter(({ frame }) => frame.arp?.senderAddress === at(21, 0).address);
      expect(arp.length + view.frames().filter(({ frame }) => frame.icmp).length).toBeGreaterThan(0);
      expect(arp.every(({ sightings }) => sightings.every(({ card }) => card.host !== 'echo'))).toBe(true);
      await using __ = await unplug.begin('bob', lab.hosts);
      await captures.watch(['alice', 'bob'], []);
      expect(await captures.barrier(['alice', 'bob'])).toBeUndefined();
    });

    test('that a host lets no mark out of is none', async () => {
      const { view } = await watching('alice');
      const rule =
        'table inet quiet { chain out { type filter hook output priority 0; meta l4proto udp drop; }; }';
      await shell(host('bob'), `nft '${rule}'`);
      try {
        const { incomplete } = await view.barrier(['alice']);
        expect(incomplete).toMatch(/^bob lets no mark out \(.*\): what it sends may still be coming$/);
      } finally {
        await shell(host('bob'), 'nft delete table inet quiet');
      }
      expect(await view.barrier(['alice'])).toEqual({});
    });

    test('is no datagram to any program', async () => {
      const { agent, events } = host('bob');
      const { handle } = await agent.udpOpen({ bind: { port: 9 } });
      const { captures } = await watching('bob');
      await captures.barrier(['bob']);
      const { handle: other } = await host('alice').agent.udpOpen({ to: at(22, 9) });
      await host('alice').agent.udpSend({ handle: other, bytes: Buffer.from('behind it') });
      await events.first(({ text }) => text === 'behind it', 5000);
      expect(events.all(({ event, local }) => event === 'receive' && local?.port === 9)).toHaveLength(1);
      await agent.close({ handle });
      await host('alice').agent.close({ handle: other });
    });
  });
}

/** Captures of several cards merged: one frame for equal bytes, in order of time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Captured } from '../../lab/wire/frame.ts';
import { mergeCaptures, Timeline } from '../../lab/wire/merge.ts';
import type { Card, SeenFrame } from '../../lab/wire/timeline.ts';
import { arpRequest, captured, cardOf, type Host, tcp } from './made.ts';

const [alice, echo, bob] = [cardOf('alice'), cardOf('echo'), cardOf('bob')];
const REQUEST = arpRequest('alice', 'echo');

/** The same request at each card, at these microseconds. */
function requests(seen: [Card, number[]][]): string[] {
  return shown(
    mergeCaptures(
      seen.map(([card, times]) => ({ card, frames: times.map((time) => captured(REQUEST, time)) })),
    ),
  );
}

/** `1: alice#1 out, echo#1 in` */
function shown(frames: readonly SeenFrame[]): string[] {
  return frames.map(({ number, sightings }) => {
    const each = sightings.map(({ card, number: of, way }) => `${card.host}#${of} ${way}`);
    return `${number}: ${each.join(', ')}`;
  });
}

function segment(from: Host, to: Host, sequence: number): Uint8Array {
  return tcp({ from, to, sourcePort: 40_000, destinationPort: 9000, flags: 16, sequence });
}

describe('captures of several cards as one timeline', () => {
  test('the same bytes at sender and receivers are one frame, the sender first', () => {
    const seen = requests([
      [echo, [30]],
      [alice, [10]],
      [bob, [20]],
    ]);
    expect(seen).toEqual(['1: alice#1 out, bob#1 in, echo#1 in']);
  });

  test('frames are numbered in order of time, whichever card was added first', () => {
    const ask = segment('alice', 'echo', 1);
    const answer = segment('echo', 'alice', 1);
    const frames = mergeCaptures([
      { card: echo, frames: [captured(ask, 11), captured(answer, 20)] },
      { card: alice, frames: [captured(ask, 10), captured(answer, 21)] },
    ]);
    expect(shown(frames)).toEqual(['1: alice#1 out, echo#1 in', '2: echo#2 out, alice#2 in']);
  });

  test('a request asked again is another frame, and each receiver saw the one sent last before', () => {
    const seen = requests([
      [alice, [0, 1_000_000, 2_000_000]],
      [echo, [2_000_050]],
      [bob, [40, 1_000_040]],
    ]);
    expect(seen).toEqual([
      '1: alice#1 out, bob#1 in',
      '2: alice#2 out, bob#2 in',
      '3: alice#3 out, echo#1 in',
    ]);
  });

  test('of two sent before either arrives, the first sent arrives first', () => {
    const seen = requests([
      [alice, [0, 10]],
      [echo, [50, 60]],
    ]);
    expect(seen).toEqual(['1: alice#1 out, echo#1 in', '2: alice#2 out, echo#2 in']);
  });

  test('a frame that the network doubled is seen a second time, sent by nobody', () => {
    const seen = requests([
      [alice, [0, 1_000_000]],
      [echo, [50, 60, 1_000_050]],
    ]);
    expect(seen).toEqual(['1: alice#1 out, echo#1 in', '2: echo#2 in', '3: alice#2 out, echo#3 in']);
  });

  test('stamps the wrong way round by less than a millisecond still meet, by more they do not', () => {
    expect(
      requests([
        [alice, [900]],
        [echo, [0]],
      ]),
    ).toEqual(['1: alice#1 out, echo#1 in']);
    expect(
      requests([
        [alice, [1100]],
        [echo, [0]],
      ]),
    ).toEqual(['1: echo#1 in', '2: alice#1 out']);
  });

  test('without the sender, receivers within 50 ms saw the same frame', () => {
    const seen = requests([
      [echo, [0, 1_000_000]],
      [bob, [49_000, 1_060_000]],
    ]);
    expect(seen).toEqual(['1: echo#1 in, bob#1 in', '2: echo#2 in', '3: bob#2 in']);
  });

  test('equal bytes on two networks are two frames', () => {
    const frames = mergeCaptures([
      { card: alice, frames: [captured(REQUEST, 0)] },
      { card: cardOf('echo', 'lab'), frames: [captured(REQUEST, 10)] },
    ]);
    expect(shown(frames)).toEqual(['1: alice#1 out', '2: echo#1 in']);
  });

  test('frames whose hashes are equal are told apart by their bytes', () => {
    // Found by trying: FNV-1a of 32 bits gives both the same.
    const [one, other] = ['toliuh', 'brnxfm'].map((text) => Buffer.from(text));
    const frames = mergeCaptures([{ card: alice, frames: [captured(one!, 0), captured(other!, 1)] }]);
    expect(frames.map(({ frame }) => Buffer.from(frame.bytes).toString())).toEqual(['toliuh', 'brnxfm']);
  });

  test('what the capture says of a frame’s way counts for more than its MAC', () => {
    const frames = mergeCaptures([{ card: alice, frames: [captured(REQUEST, 0, { way: 'in' })] }]);
    expect(shown(frames)).toEqual(['1: alice#1 in']);
  });

  test('looking in between changes nothing: a list given stays, a frame stays the same object', () => {
    const timeline = new Timeline();
    timeline.add(alice, captured(REQUEST, 0));
    const before = timeline.frames();
    timeline.add(echo, captured(REQUEST, 5));
    timeline.add(alice, captured(segment('alice', 'echo', 1), 9), 7);
    const after = timeline.frames();
    expect(before).toHaveLength(1);
    expect(after[0]).toBe(before[0]);
    expect(shown(after)).toEqual(['1: alice#1 out, echo#1 in', '2: alice#7 out']);
    expect(timeline.frames()).toBe(after);
  });
});

/** Frames of few kinds, lost, doubled and delayed on their way to two receivers. */
const traffic = fc.array(
  fc.record({
    kind: fc.integer({ min: 0, max: 2 }),
    pause: fc.integer({ min: 1, max: 3000 }),
    echo: fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 2 }),
    bob: fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 2 }),
  }),
  { maxLength: 25 },
);

type Traffic = typeof traffic extends fc.Arbitrary<infer T> ? T : never;

function takenBy(sent: Traffic): [Card, Captured[]][] {
  const taken: [Card, Captured[]][] = [
    [alice, []],
    [echo, []],
    [bob, []],
  ];
  let now = 0;
  for (const { kind, pause, ...delays } of sent) {
    now += pause;
    const bytes = segment('alice', 'echo', kind);
    for (const [card, frames] of taken) {
      const times = card === alice ? [0] : delays[card.host as 'echo' | 'bob'];
      frames.push(...times.map((delay) => captured(bytes, now + delay)));
    }
  }
  for (const [, frames] of taken) frames.sort((a, b) => a.nanoseconds - b.nanoseconds);
  return taken;
}

describe('any traffic merged', () => {
  test('every sighting is in one frame, none precedes its sender’s, no card is in one twice', () => {
    fc.assert(
      fc.property(traffic, (sent) => {
        const taken = takenBy(sent);
        const frames = mergeCaptures(taken.map(([card, frames]) => ({ card, frames })));
        const all = frames.flatMap(({ sightings }) => sightings);
        expect(all.map(({ card, number }) => `${card.host}#${number}`).sort()).toEqual(
          taken.flatMap(([{ host }, of]) => of.map((_, index) => `${host}#${index + 1}`)).sort(),
        );
        for (const { sightings } of frames) {
          expect(new Set(sightings.map(({ card }) => card)).size).toBe(sightings.length);
          const [first, ...others] = sightings;
          if (first!.way === 'in') continue;
          for (const { way, nanoseconds } of others) {
            expect(way).toBe('in');
            expect(nanoseconds).toBeGreaterThanOrEqual(first!.nanoseconds - 1_000_000);
          }
        }
        expect(frames.map(({ number }) => number)).toEqual(frames.map((_, index) => index + 1));
        const times = frames.map(({ sightings }) => sightings[0]!.nanoseconds);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  test('the timeline is the same in whatever order the cards’ frames are added and it is looked at', () => {
    fc.assert(
      fc.property(traffic, fc.infiniteStream(fc.nat()), (sent, chance) => {
        const taken = takenBy(sent);
        const whole = shown(mergeCaptures(taken.map(([card, frames]) => ({ card, frames }))));
        const timeline = new Timeline();
        const waiting = taken.map(([card, frames]) => ({ card, frames: [...frames] }));
        while (waiting.some(({ frames }) => frames.length > 0)) {
          const pick = chance.next().value;
          const { card, frames } = waiting.filter(({ frames }) => frames.length > 0)[pick % 3] ?? {};
          if (!card) continue;
          timeline.add(card, frames!.shift()!);
          if (pick % 2 === 0) timeline.frames();
        }
        expect(shown(timeline.frames()).map(withoutNumber).sort()).toEqual(whole.map(withoutNumber).sort());
      }),
    );
  });
});

/** Frames of the same nanosecond have no order of their own. */
function withoutNumber(line: string): string {
  return line.replace(/^\d+: /, '');
}

/** The order of sightings on several machines: by their clocks, by a chain of frames, or not known. */
import { describe, expect, test } from 'vitest';
import { messagesIn } from '../../lab/clocks/messages.ts';
import { mergeCaptures } from '../../lab/wire/merge.ts';
import { type Clocked, ONE_CLOCK, orderOf } from '../../lab/wire/order.ts';
import type { SeenFrame, Sighting } from '../../lab/wire/timeline.ts';
import { captured, cardOf, type Host, tcp } from '../wire/made.ts';

const [alice, echo, bob] = (['alice', 'echo', 'bob'] as const).map((host) => cardOf(host)) as [
  ReturnType<typeof cardOf>,
  ReturnType<typeof cardOf>,
  ReturnType<typeof cardOf>,
];

/** Each host has a machine of its own, and the clocks of two are known to 100 µs. */
const MACHINES: Clocked = {
  machineOf: (host) => host,
  error: () => ({ least: -100_000, most: 100_000 }),
};

const frame = (from: Host, to: Host, sequence: number) =>
  tcp({ from, to, sourcePort: 1, destinationPort: 2, flags: 16, sequence });

const sightingAt = (frames: readonly SeenFrame[], sequence: number, host: Host): Sighting =>
  frames
    .find((seen) => seen.frame.tcp?.sequence === sequence)!
    .sightings.find(({ card }) => card.host === host)!;

describe('two sightings on two machines', () => {
  const order = (microseconds: number, clocks = MACHINES) => {
    const frames = mergeCaptures([
      { card: alice, frames: [captured(frame('alice', 'bob', 1), 1000)] },
      { card: echo, frames: [captured(frame('echo', 'bob', 2), 1000 + microseconds)] },
    ]);
    return orderOf(sightingAt(frames, 1, 'alice'), sightingAt(frames, 2, 'echo'), frames, clocks);
  };

  test.each([
    [101, 'before'],
    [99, 'unsure'],
    [-99, 'unsure'],
    [-101, 'after'],
  ])('%d µs apart, with clocks that are known to 100 µs: %s', (microseconds, told) => {
    expect(order(microseconds)).toBe(told);
  });

  test('are in the order of their stamps where one clock stamped both', () => {
    expect([order(1, ONE_CLOCK), order(-1, ONE_CLOCK)]).toEqual(['before', 'after']);
  });
});

test('a frame is received after it is sent, however near its stamps are', () => {
  const frames = mergeCaptures([
    { card: alice, frames: [captured(frame('alice', 'echo', 1), 1000)] },
    { card: echo, frames: [captured(frame('alice', 'echo', 1), 1001)] },
  ]);
  const [sent, came] = [sightingAt(frames, 1, 'alice'), sightingAt(frames, 1, 'echo')];
  expect([orderOf(sent, came, frames, MACHINES), orderOf(came, sent, frames, MACHINES)]).toEqual([
    'before',
    'after',
  ]);
});

test('a chain of frames by way of a third machine orders two that are near', () => {
  const frames = mergeCaptures([
    {
      card: alice,
      frames: [captured(frame('alice', 'bob', 1), 1000), captured(frame('alice', 'echo', 2), 1005)],
    },
    {
      card: echo,
      frames: [captured(frame('alice', 'echo', 2), 1010), captured(frame('echo', 'bob', 3), 1015)],
    },
    {
      card: bob,
      frames: [captured(frame('echo', 'bob', 3), 1020), captured(frame('bob', 'echo', 4), 1025)],
    },
  ]);
  const [first, last] = [sightingAt(frames, 1, 'alice'), sightingAt(frames, 4, 'bob')];
  expect(orderOf(first, last, frames, MACHINES)).toBe('before');
  expect(orderOf(last, first, frames, MACHINES)).toBe('after');
  // It left alice after the chain did.
  const late = mergeCaptures([
    {
      card: alice,
      frames: [captured(frame('alice', 'echo', 2), 1005), captured(frame('alice', 'bob', 1), 1006)],
    },
    {
      card: echo,
      frames: [captured(frame('alice', 'echo', 2), 1010), captured(frame('echo', 'bob', 3), 1015)],
    },
    { card: bob, frames: [captured(frame('echo', 'bob', 3), 1020), captured(frame('bob', 'echo', 4), 1025)] },
  ]);
  expect(orderOf(sightingAt(late, 1, 'alice'), sightingAt(late, 4, 'bob'), late, MACHINES)).toBe('unsure');
});

describe('frames as messages between clocks', () => {
  test('one that two hosts saw is a message, though the stamps are in the wrong order', () => {
    const frames = mergeCaptures([
      { card: alice, frames: [captured(frame('alice', 'echo', 1), 9_000_000)] },
      { card: echo, frames: [captured(frame('alice', 'echo', 1), 4_000_100)] },
    ]);
    expect(messagesIn(frames)).toEqual([{ from: 'alice', to: 'echo', took: -4_999_900_000 }]);
  });

  test('one that was sent twice, or came twice, is none', () => {
    const twice = [captured(frame('alice', 'echo', 1), 1000), captured(frame('alice', 'echo', 1), 2000)];
    const once = [captured(frame('alice', 'echo', 1), 2010)];
    const messages = (sent: typeof once, came: typeof once) =>
      messagesIn(
        mergeCaptures([
          { card: alice, frames: sent },
          { card: echo, frames: came },
        ]),
      );
    expect([messages(twice, once), messages(once, twice)]).toEqual([[], []]);
  });
});

/** The line of a message, written as bytes, is what JSON.stringify makes of its event. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Ends, eventOf, type Message } from '../../services/events.ts';
import { LONGEST_MESSAGE_LINE, writeMessageLine } from '../../services/message-line.ts';

const end = fc.record({ address: fc.string(), port: fc.nat(65_535) });
const ends: fc.Arbitrary<Ends> = fc.record({
  transport: fc.constantFrom('tcp', 'udp'),
  peer: end,
  local: end,
});
const piece = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
    // A character that is cut, or has a byte too much, or is encoded in too many bytes (RFC 3629 section 10).
    fc.constantFrom(
      'e2 82',
      'f0 9f 98',
      'f0 9f',
      'ed a0 80',
      'f4 90 80 80',
      'c0 af',
      'e0 80 af',
      'ff',
      '80',
      'c3',
    ),
  )
  .map((one) => (typeof one === 'string' ? Buffer.from(one.replaceAll(' ', ''), 'hex') : one));
const data = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces)),
  // Near the limit of 200 UTF-16 units.
  fc
    .tuple(
      fc.integer({ min: 195, max: 200 }),
      fc.constantFrom('a', 'é', '名', '\n'),
      fc.array(piece, { maxLength: 3 }),
    )
    .map(([count, text, pieces]) => Buffer.concat([Buffer.from(text.repeat(count)), ...pieces])),
);
const message: fc.Arbitrary<Message> = fc.record({
  event: fc.constantFrom('receive', 'send'),
  ends,
  // Undefined: no text.
  data: fc.option(data, { nil: undefined, freq: 20 }),
  bytes: fc.nat(1 << 24),
  at: fc.integer({ min: 0, max: 4e15 }),
});

function written(one: Message, at = 0): string {
  const into = Buffer.alloc(LONGEST_MESSAGE_LINE + at, 0x2a);
  const end = writeMessageLine(one, into, at);
  expect(into.subarray(0, at).every((byte) => byte === 0x2a)).toBe(true);
  return into.toString('utf8', at, end);
}

test('it is what JSON.stringify makes of the event, at every time anew', () => {
  fc.assert(
    fc.property(message, fc.nat(100), (one, at) => {
      const line = `${JSON.stringify(eventOf(one))}\n`;
      expect(written(one, at)).toBe(line);
      expect(written(one, at)).toBe(line);
    }),
    { numRuns: 5000 },
  );
});

test('a peer that is heard of at two addresses of the host has both in its lines', () => {
  const peer = { address: '10.0.0.1', port: 1 };
  const told = ['10.0.0.2', '10.0.0.3'].map((address) => {
    const one = { transport: 'udp', peer, local: { address, port: 7 } } as const;
    const line = written({ event: 'send', ends: one, data: Buffer.from('x'), bytes: 1, at: 0 });
    return (JSON.parse(line) as { local: { address: string } }).local.address;
  });
  expect(told).toEqual(['10.0.0.2', '10.0.0.3']);
});

/** Messages over a byte stream that is cut anywhere, and a sender faster than its reader. */
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FrameReader, frameSender, LONGEST } from '../../lab/agent/framing.ts';

/** Cuts bytes into pieces of the given lengths, taken in turn. */
function* pieces(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

test('any messages, cut anywhere, arrive whole and in order', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
  const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(messages, lengths, (sent, cuts) => {
      const reader = new FrameReader();
      const stream = Buffer.concat(sent.map(encodeFrame));
      const got = [...pieces(stream, cuts)].flatMap((piece) => [...reader.push(piece)]);
      expect(got.map((message) => [...message])).toEqual(sent.map((message) => [...message]));
    }),
  );
});

test('a frame is its length in 32 bits, big endian, and its bytes', () => {
  expect(encodeFrame(Buffer.from('abc')).toString('hex')).toBe('00000003616263');
  expect(encodeFrame(Buffer.alloc(0)).toString('hex')).toBe('00000000');
});

test('a length that no agent sends is refused from its first four bytes', () => {
  const http = Buffer.from('HTTP');
  expect(() => [...new FrameReader().push(http)]).toThrow(/1213486160 bytes: this is not an agent's stream/);
});

test('the longest message is read, and one byte more is refused by either side', async () => {
  const header = (length: number) => encodeLength(length);
  expect([...new FrameReader().push(header(LONGEST))]).toEqual([]);
  expect(() => [...new FrameReader().push(header(LONGEST + 1))]).toThrow(RangeError);
  const tooLong = Object.create(Uint8Array.prototype, { length: { value: LONGEST + 1 } }) as Uint8Array;
  const { stream, taken } = slowStream();
  const send = frameSender(stream);
  await expect(send(tooLong)).rejects.toThrow(RangeError);
  await send(Buffer.from('x'));
  expect(taken()).toBe(5);
});

function encodeLength(length: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(length);
  return header;
}

/** A stream that takes one write, and the next only when told to. */
function slowStream(): { stream: Duplex; taken(): number; take(): void } {
  let next: (() => void) | undefined;
  let bytes = 0;
  const stream = new Duplex({
    highWaterMark: 1000,
    read() {},
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      next = done;
    },
  });
  return { stream, taken: () => bytes, take: () => next?.() };
}

test('a sender that is faster than the reader waits: nothing piles up in the stream', async () => {
  const { stream, take } = slowStream();
  const send = frameSender(stream);
  const message = Buffer.alloc(600);
  let through = 0;
  const all = Array.from({ length: 100 }, () => send(message).then(() => (through += 1)));
  for (let turn = 0; turn < 100; turn += 1) {
    await new Promise(setImmediate);
    expect(stream.writableLength).toBeLessThanOrEqual(2 * 604);
    expect(through).toBeLessThanOrEqual(turn + 2);
    take();
  }
  await Promise.all(all);
  expect(stream.listenerCount('drain') + stream.listenerCount('error')).toBe(0);
});

test('what waits for room in a stream that ends is let go', async () => {
  const { stream } = slowStream();
  stream.on('error', () => {});
  const send = frameSender(stream);
  const all = Array.from({ length: 5 }, () => send(Buffer.alloc(2000)));
  await new Promise(setImmediate);
  stream.destroy(new Error('cut'));
  await Promise.all(all);
});

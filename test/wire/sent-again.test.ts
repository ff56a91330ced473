/** Whether a TCP segment sends bytes of another one again. */
import { expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import { sendsFirstByteOf } from '../../lab/wire/sent-again.ts';
import { ACK, FIN, SYN } from '../../lab/wire/tcp.ts';
import { encodeFrame } from './encode/frame.ts';

function segment(sequence: number, text = '', flags = ACK) {
  return decode(
    encodeFrame({
      ethernet: { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' },
      ipv4: { source: '10.0.0.1', destination: '10.0.0.2' },
      tcp: { sourcePort: 4000, destinationPort: 9000, sequence, flags },
      payload: Buffer.from(text),
    }),
  );
}

test.each([
  ['the same bytes', segment(100, 'abc'), segment(100, 'abc'), true],
  ['more than its bytes, from before', segment(100, 'abc'), segment(90, 'a'.repeat(20)), true],
  ['its rest alone', segment(100, 'abc'), segment(101, 'bc'), false],
  ['the bytes before it', segment(100, 'abc'), segment(97, 'xyz'), false],
  ['data where a bare ACK was', segment(100), segment(100, 'abc'), false],
  ['a SYN', segment(7, '', SYN), segment(7, '', SYN), true],
  ['a FIN', segment(7, '', FIN | ACK), segment(7, '', FIN | ACK), true],
  ['bytes over the end of the numbers', segment(2, 'abc'), segment(2 ** 32 - 2, 'abcdefgh'), true],
])('%s: %#', (_, first, later, again) => {
  expect(sendsFirstByteOf(first, later)).toBe(again);
});

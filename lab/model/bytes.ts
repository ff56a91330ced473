/** Bytes as a scenario writes them, and the bytes that they stand for. */
import { createCipheriv, createHash } from 'node:crypto';
import type { BytesSpec } from './types.ts';

/** The most that one value of a scenario may stand for: 64 MiB. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** The number of bytes that the spec stands for, without making them. */
export function byteLength(spec: BytesSpec): number {
  if ('text' in spec) return Buffer.byteLength(spec.text);
  if ('hex' in spec) return spec.hex.length / 2;
  if ('repeat' in spec) return Buffer.byteLength(spec.repeat) * spec.times;
  return spec.random;
}

/** The bytes themselves. Pure: the same spec gives the same bytes on every machine. Throws RangeError beyond MOST_BYTES. */
export function materialise(spec: BytesSpec): Buffer {
  const length = byteLength(spec);
  if (length > MOST_BYTES) throw new RangeError(`${length} bytes are more than ${MOST_BYTES}`);
  if ('text' in spec) return Buffer.from(spec.text, 'utf8');
  if ('hex' in spec) return Buffer.from(spec.hex, 'hex');
  if ('repeat' in spec) return Buffer.alloc(length, spec.repeat, 'utf8');
  return keyStream(spec.seed, length);
}

/** AES-256-CTR over zeros: key = SHA-256 of the seed, zero IV. Fast, and easy to make again in any language. */
function keyStream(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed, 'utf8').digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

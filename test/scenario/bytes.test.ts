/** Bytes as a scenario writes them, and the bytes that they stand for. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength, MOST_BYTES, materialise } from '../../lab/model/bytes.ts';
import type { BytesSpec } from '../../lab/model/types.ts';
import { bytes } from '../../lab/scenario/values/values.ts';

const text = fc.string({ unit: 'grapheme' });
const specs: fc.Arbitrary<BytesSpec> = fc.oneof(
  fc.record({ text }),
  fc.record({ hex: fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array).toString('hex')) }),
  fc.record({ repeat: fc.string({ minLength: 1, unit: 'grapheme' }), times: fc.nat(50) }),
  fc.record({ random: fc.nat(5000), seed: text }),
);

describe('bytes', () => {
  test('any bytes written as hex come back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const hex = Buffer.from(array).toString('hex');
        expect(materialise(bytes.parse({ hex }))).toEqual(Buffer.from(array));
      }),
    );
  });

  test('any text comes back from its UTF-8', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(materialise(bytes.parse(written)).toString('utf8')).toBe(written);
      }),
    );
  });

  test('the length is known without the bytes', () => {
    fc.assert(fc.property(specs, (spec) => void expect(materialise(spec)).toHaveLength(byteLength(spec))));
  });

  test('the schema takes every form as it is', () => {
    fc.assert(fc.property(specs, (spec) => void expect(bytes.parse(spec)).toEqual(spec)));
  });

  test('repeated text is the text again and again, whole characters', () => {
    expect(materialise({ repeat: 'aé', times: 3 }).toString()).toBe('aéaéaé');
    expect(materialise({ repeat: 'abc', times: 0 })).toHaveLength(0);
  });

  test('random bytes are the AES-256-CTR key stream of the seed', () => {
    const digest = createHash('sha256')
      .update(materialise({ random: 5_000_000, seed: 'lanlab' }))
      .digest('hex');
    // printf lanlab | sha256sum gives K; head -c 5000000 /dev/zero | openssl enc -aes-256-ctr -K $K -iv 0 | sha256sum
    expect(digest).toBe('9ea2477d6fdf7916d11feeb4a3d74ec4fa789e5b109b4728d4bc307722a8dcca');
  });

  test('a shorter random value is the beginning of a longer one, and seeds differ', () => {
    const long = materialise({ random: 1000, seed: 'a' });
    expect(materialise({ random: 10, seed: 'a' })).toEqual(long.subarray(0, 10));
    expect(materialise({ random: 10, seed: 'b' })).not.toEqual(long.subarray(0, 10));
  });

  test('more than 64 MiB is refused, by the schema and by who makes them', () => {
    const spec = { repeat: 'ab', times: MOST_BYTES / 2 + 1 };
    expect(bytes.safeParse(spec).success).toBe(false);
    expect(() => materialise(spec)).toThrow(RangeError);
    expect(bytes.safeParse({ random: '64MiB', seed: 'a' }).success).toBe(true);
    expect(bytes.safeParse({ random: MOST_BYTES + 1, seed: 'a' }).success).toBe(false);
  });
});

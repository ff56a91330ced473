/** The sums that tell whether two datagrams are the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capitals } from '../../services/capitals.ts';
import { sumInCapitals, sumOf } from '../../services/sums.ts';

const bytes = fc.uint8Array({ maxLength: 600 }).map((data) => Buffer.from(data));
const seed = fc.nat(0xffff_ffff);

test('the sum in capitals is that of the same bytes in capitals, which it leaves as they are', () => {
  fc.assert(
    fc.property(bytes, seed, (data, by) => {
      const before = Buffer.from(data);
      expect(sumInCapitals(data, by)).toBe(sumOf(capitals(Buffer.from(data)), by));
      expect(data).toEqual(before);
    }),
    { numRuns: 1000 },
  );
});

test('another byte, another length or another seed gives another sum', () => {
  const changed = fc.tuple(bytes, fc.nat(599), fc.integer({ min: 1, max: 255 }), seed);
  fc.assert(
    fc.property(changed, ([data, at, by, start]) => {
      const sum = sumOf(data, start);
      expect(sum).toBeGreaterThanOrEqual(0);
      expect(sumOf(Buffer.concat([data, Buffer.alloc(1)]), start)).not.toBe(sum);
      expect(sumOf(data, start ^ by)).not.toBe(sum);
      if (at >= data.length) return;
      data[at] = (data[at] as number) ^ by;
      expect(sumOf(data, start)).not.toBe(sum);
    }),
    { numRuns: 2000 },
  );
});

/** Stamps of frames: differences, digits, and clocks of any resolution. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clock, compareStamps, nanosecondsBetween } from '../../lab/wire/stamp.ts';
import { printStamp } from './print-stamp.ts';

const stamp = fc.record({
  seconds: fc.integer({ min: 0, max: 5_000_000 }),
  nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
});
const all = ({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }) =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);

describe('stamps', () => {
  test('are as far apart as whole numbers of nanoseconds say', () => {
    fc.assert(
      fc.property(stamp, stamp, (a, b) => {
        expect(nanosecondsBetween(a, b)).toBe(Number(all(b) - all(a)));
        expect(Math.sign(compareStamps(a, b))).toBe(-Math.sign(nanosecondsBetween(a, b)) + 0);
      }),
    );
  });

  test('are printed with nine digits', () => {
    expect(printStamp({ seconds: 1_700_000_000, nanoseconds: 1 })).toBe('1700000000.000000001');
    expect(printStamp({ seconds: 0, nanoseconds: 999_999_999 })).toBe('0.999999999');
    expect(printStamp({ seconds: 7, nanoseconds: 0 })).toBe('7.000000000');
  });

  test.each([0, 3, 6, 9, 12, 0x80, 0x8a, 0x94, 0xa0])(
    'of resolution %i are read to the nanosecond',
    (resolution) => {
      const exponent = BigInt(resolution & 0x7f);
      const perSecond = resolution & 0x80 ? 1n << exponent : 10n ** exponent;
      const one = clock(resolution, 5);
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: (1n << 52n) - 1n }), (units) => {
          one.read(Number(units >> 32n), Number(units & 0xffffffffn));
          expect(one.seconds).toBe(Number(units / perSecond) + 5);
          expect(one.nanoseconds).toBe(Number(((units % perSecond) * 1_000_000_000n) / perSecond));
        }),
      );
    },
  );
});

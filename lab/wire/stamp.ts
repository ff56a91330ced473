/**
 * A frame's time: whole seconds since 1970 and nanoseconds within, as one number is exact only to microseconds.
 */

export interface Stamp {
  seconds: number;
  nanoseconds: number;
}

const BILLION = 1_000_000_000;

/** Nanoseconds from `a` to `b`, negative where `b` is earlier; exact over a hundred days. */
export function nanosecondsBetween(a: Stamp, b: Stamp): number {
  return (b.seconds - a.seconds) * BILLION + (b.nanoseconds - a.nanoseconds);
}

/** The time so many nanoseconds later, or earlier where they are negative. */
export function later({ seconds, nanoseconds }: Stamp, by: number): Stamp {
  const whole = Math.floor(by / BILLION);
  const sum = nanoseconds + Math.round(by - whole * BILLION);
  const carry = Math.floor(sum / BILLION);
  return { seconds: seconds + whole + carry, nanoseconds: sum - carry * BILLION };
}

/** Negative where `a` is earlier, for sorting. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}

/** A reader of times. It writes each time into its two fields, so that it makes no object for each frame. */
export interface Clock {
  seconds: number;
  nanoseconds: number;
  /** Takes a count of units since 1970 in its two halves of 32 bits. */
  read(high: number, low: number): void;
}

/**
 * A clock that counts in the units of an interface of a pcapng file. `resolution` is the byte of its if_tsresol
 * (n: 10^-n s, with the top bit set 2^-n s). `offset` is the seconds of its if_tsoffset. Parts of a nanosecond are
 * cut off.
 */
export function clock(resolution: number, offset: number): Clock {
  const exponent = resolution & 0x7f;
  const decimal = (resolution & 0x80) === 0;
  const perSecond = decimal ? 10n ** BigInt(exponent) : 1n << BigInt(exponent);
  return decimal && exponent <= 9 ? wholeClock(perSecond, offset) : fineClock(perSecond, offset);
}

/** For units of whole nanoseconds. The upper half changes only every few seconds, so its part of the time is kept. */
function wholeClock(unitsPerSecond: bigint, offset: number): Clock {
  const perSecond = Number(unitsPerSecond);
  const nanoseconds = BILLION / perSecond;
  let upper = -1;
  let upperSeconds = 0;
  let upperUnits = 0;
  return {
    seconds: 0,
    nanoseconds: 0,
    read(high, low) {
      if (high !== upper) {
        const units = BigInt(high) << 32n;
        upper = high;
        upperSeconds = Number(units / unitsPerSecond) + offset;
        upperUnits = Number(units % unitsPerSecond);
      }
      const units = upperUnits + low;
      const whole = Math.floor(units / perSecond);
      this.seconds = upperSeconds + whole;
      this.nanoseconds = (units - whole * perSecond) * nanoseconds;
    },
  };
}

function fineClock(perSecond: bigint, offset: number): Clock {
  return {
    seconds: 0,
    nanoseconds: 0,
    read(high, low) {
      const units = (BigInt(high) << 32n) | BigInt(low);
      this.seconds = Number(units / perSecond) + offset;
      this.nanoseconds = Number(((units % perSecond) * BigInt(BILLION)) / perSecond);
    },
  };
}

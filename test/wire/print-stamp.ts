/** A stamp as tshark prints one: seconds since 1970 and nine digits. */
import type { Stamp } from '../../lab/wire/stamp.ts';

/** `1700000000.000000001` */
export function printStamp({ seconds, nanoseconds }: Stamp): string {
  const digits = String(nanoseconds);
  return `${seconds}.${ZEROS[digits.length]!}${digits}`;
}

/** What goes before so many digits to make nine. */
const ZEROS = Array.from({ length: 10 }, (_, digits) => '0'.repeat(9 - digits));

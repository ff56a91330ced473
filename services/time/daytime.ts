/** The time for people to read (RFC 867, which leaves the form open): as ctime(3) writes it, so as inetd's daytime does. */
import { timeInFormat } from './format.ts';

const FORM = Buffer.from('%c');

/** `Fri Nov 20 12:00:00 2026` in local time (`TZ`), and CR LF; of a moment in microseconds since 1970. */
export function daytimeAnswer(microseconds: number): Buffer {
  return Buffer.from(`${timeInFormat(FORM, microseconds)}\r\n`);
}

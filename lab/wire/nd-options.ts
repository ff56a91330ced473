/** Options of neighbour discovery (RFC 4861 section 4.6): a kind, a length in units of 8 bytes, data. */
import type { Option, Options } from './options.ts';
import { broken } from './trouble.ts';

export const SOURCE_LINK_ADDRESS = 1;
export const TARGET_LINK_ADDRESS = 2;
export const PREFIX_INFORMATION = 3;
export const REDIRECTED_HEADER = 4;
export const LINK_MTU = 5;

/** The options between `start` and `end`; after a broken one no others can be read. */
export function readNdOptions(bytes: Uint8Array, start: number, end: number): Options {
  const options: Option[] = [];
  let at = start;
  while (at < end) {
    const kind = bytes[at]!;
    if (at + 1 >= end) {
      return { options, trouble: broken('icmpv6', at + 1, `option ${kind} has no length`) };
    }
    const length = bytes[at + 1]! * 8;
    if (length === 0) {
      return {
        options,
        trouble: broken('icmpv6', at + 1, `option ${kind} says it is 0 bytes long, at least 8`),
      };
    }
    if (at + length > end) {
      const there = `option ${kind} is ${length} bytes, ${end - at} are there`;
      return { options, trouble: broken('icmpv6', end, there) };
    }
    options.push({ kind, start: at, end: at + length });
    at += length;
  }
  return { options };
}

/** Options of IPv4 (RFC 791) and TCP (RFC 9293): a kind, a length, data; kinds 0 and 1 are a single byte. */
import { broken, type Trouble } from './trouble.ts';

/** An option as it lies in the header. */
export interface Option {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

export const END_OF_OPTIONS = 0;
export const NO_OPERATION = 1;

export interface Options {
  /** The options that are whole, up to and with the end of options. */
  options: Option[];
  trouble?: Trouble;
}

/** The options between `start` and `end`; after a broken one no others can be read. */
export function readOptions(layer: string, bytes: Uint8Array, start: number, end: number): Options {
  const options: Option[] = [];
  let at = start;
  while (at < end) {
    const kind = bytes[at]!;
    const length = kind === END_OF_OPTIONS || kind === NO_OPERATION ? 1 : (bytes[at + 1] ?? 0);
    if (kind > NO_OPERATION && at + 1 >= end) {
      return { options, trouble: broken(layer, at + 1, `option ${kind} has no length`) };
    }
    if (kind > NO_OPERATION && length < 2) {
      return {
        options,
        trouble: broken(layer, at + 1, `option ${kind} says it is ${length} bytes long, at least 2`),
      };
    }
    if (at + length > end) {
      return {
        options,
        trouble: broken(layer, end, `option ${kind} is ${length} bytes, ${end - at} are there`),
      };
    }
    options.push({ kind, start: at, end: at + length });
    if (kind === END_OF_OPTIONS) break;
    at += length;
  }
  return { options };
}

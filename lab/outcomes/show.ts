/** Bytes, addresses, times and failures as a report prints them: short, and without unprintable characters. */
import { createHash } from 'node:crypto';
import type { Endpoint } from '../agent/endpoint.ts';
import type { NetworkFailureData } from '../agent/protocol.ts';

/** The most characters of text, and the most bytes in hex, of one printed value. */
const MOST_CHARACTERS = 120;
const MOST_HEX = 16;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text; undefined where they are not UTF-8 or not printable. */
function printable(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    return /^[\t\n\r\P{C}]*$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** First bytes in hex, a space between two: `00 ff 10`. */
export function showHex(bytes: Uint8Array, most = MOST_HEX): string {
  const shown = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0'));
  return bytes.length > most ? `${shown.join(' ')} …` : shown.join(' ');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `"hello"`; for long bytes, or bytes that are not text: the length, the first bytes and the start of the SHA-256. */
export function showBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing';
  const size = bytes.length === 1 ? '1 byte' : `${bytes.length} bytes`;
  const text = bytes.length > 4 * MOST_CHARACTERS ? undefined : printable(bytes);
  if (text !== undefined && text.length <= MOST_CHARACTERS) return JSON.stringify(text);
  if (text === undefined && bytes.length <= MOST_HEX) return `${size} ${showHex(bytes)}`;
  // Cut at characters, so that the start of a long text still reads as text.
  const head = printable(bytes.subarray(0, MOST_CHARACTERS / 2));
  const shown = head === undefined ? showHex(bytes) : `${JSON.stringify(head)}…`;
  return `${size}: ${shown} (sha256 ${sha256(bytes).slice(0, 12)}…)`;
}

function oneByte(byte: number): string {
  const hex = `0x${byte.toString(16).padStart(2, '0')}`;
  return byte > 0x20 && byte < 0x7f ? `${hex} '${String.fromCharCode(byte)}'` : hex;
}

/** The first difference of two byte strings, in words; undefined where they are equal. Bytes are counted from 0. */
export function firstDifference(expected: Uint8Array, found: Uint8Array): string | undefined {
  const common = Math.min(expected.length, found.length);
  for (let at = 0; at < common; at++) {
    if (expected[at] === found[at]) continue;
    return `first difference at byte ${at}: expected ${oneByte(expected[at]!)}, found ${oneByte(found[at]!)}`;
  }
  if (found.length < expected.length) {
    return `the first ${found.length} of ${expected.length} bytes are right, the rest is missing`;
  }
  if (found.length > expected.length) {
    return `the first ${expected.length} bytes are right, then more came: ${showBytes(found.subarray(expected.length))}`;
  }
  return undefined;
}

/** `10.50.1.10:9000`, `[fd00::1]:9000`. */
export function showEndpoint(endpoint: Endpoint): string {
  const address = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  return `${address}:${endpoint.port}`;
}

/** Milliseconds in a short form: `0.4 ms`, `12 ms`, `3.06 s`. */
export function showTime(milliseconds: number): string {
  if (milliseconds >= 1000) return `${Number((milliseconds / 1000).toFixed(2))} s`;
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${Number(milliseconds.toFixed(1))} ms`;
}

/** `refused: ECONNREFUSED from connect after 0.4 ms`. */
export function showFailure(failure: NetworkFailureData): string {
  return `${failure.kind}: ${failure.errno} from ${failure.syscall} after ${showTime(failure.after)}`;
}

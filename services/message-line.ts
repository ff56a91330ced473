/**
 * The event of a message as its line of JSON, written as bytes: the same that `event-line.ts` makes of it. A busy program tells two
 * of them for each message, and a line that is put together as a string takes eight times as long.
 */
import { isoMicroseconds } from './clock.ts';
import { type Endpoint, type Ends, type Message, TEXT_LIMIT } from './events.ts';

/** Bytes. An escaped character has six at most, and the ends have two addresses. */
export const LONGEST_MESSAGE_LINE = 4096;

const [QUOTE, NEWLINE, BRACE, ZERO] = Buffer.from('"\n}0') as unknown as number[];
const TRUNCATED = Buffer.from(',"truncated":true');
/** By byte of ASCII: what JSON writes for it (RFC 8259 section 7). */
const ESCAPED = Array.from({ length: 128 }, (_, byte) =>
  Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1)),
);
/** By byte: 1 where that is the byte itself. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) => Number(ESCAPED[byte]?.length === 1));

/** Writes the line from `at` on and returns its end. `into` has room for {@link LONGEST_MESSAGE_LINE} more bytes. */
export function writeMessageLine(message: Message, into: Buffer, at: number): number {
  let end = writeTime(message.at, into, at);
  const middle = middleOf(message.event, message.ends);
  into.set(middle, end);
  end = writeNumber(message.bytes, into, end + middle.length);
  if (message.data !== undefined) end = writeText(message.data, into, end);
  into[end] = BRACE!;
  into[end + 1] = NEWLINE!;
  return end + 2;
}

/** The second that was written last, since 1970, and the start of a line in it. */
let second = Number.NaN;
let start: Buffer = Buffer.alloc(0);
const DIGITS_OF_MICROSECONDS = 6;

function writeTime(microseconds: number, into: Buffer, at: number): number {
  const whole = Math.floor(microseconds / 1e6);
  if (whole !== second) {
    second = whole;
    start = Buffer.from(`{"time":"${isoMicroseconds(microseconds).slice(0, -1 - DIGITS_OF_MICROSECONDS)}`);
  }
  into.set(start, at);
  const end = at + start.length + DIGITS_OF_MICROSECONDS;
  writeDigits(microseconds - whole * 1e6, into, end, DIGITS_OF_MICROSECONDS);
  return end;
}

interface Middles {
  readonly local: Endpoint;
  readonly receive: Buffer;
  readonly send: Buffer;
}

/** By the peer of a connection, which stays the same object: what stands between the time and the number of bytes. */
const middles = new WeakMap<Endpoint, Middles>();

function middleOf(event: Message['event'], { transport, peer, local }: Ends): Buffer {
  const known = middles.get(peer);
  if (known?.local === local) return known[event];
  const made = (name: string) => {
    const text = JSON.stringify({ event: name, transport, peer, local });
    return Buffer.from(`Z",${text.slice(1, -1)},"bytes":`);
  };
  const all = { local, receive: made('receive'), send: made('send') };
  middles.set(peer, all);
  return all[event];
}

function writeNumber(number: number, into: Buffer, at: number): number {
  let digits = 1;
  for (let least = 10; least <= number; least *= 10) digits += 1;
  writeDigits(number, into, at + digits, digits);
  return at + digits;
}

function writeDigits(number: number, into: Buffer, end: number, digits: number): void {
  let rest = number;
  for (let at = end - 1; at >= end - digits; at -= 1) {
    const tens = Math.floor(rest / 10);
    into[at] = ZERO! + rest - tens * 10;
    rest = tens;
  }
}

const TEXT = Buffer.from(',"text":"');
/** U+FFFD, in place of bytes that are not UTF-8. */
const REPLACEMENT = Buffer.from('\ufffd');

/** The text with its name, and whether it was cut: as `excerpt` has them. */
function writeText(data: Buffer, into: Buffer, at: number): number {
  into.set(TEXT, at);
  let end = at + TEXT.length;
  let from = 0;
  let units = 0;
  while (from < data.length && units < TEXT_LIMIT) {
    const byte = data[from]!;
    if (PLAIN[byte] === 1) {
      into[end] = byte;
      end += 1;
      from += 1;
    } else if (byte < 0x80) {
      end = writeFew(ESCAPED[byte]!, into, end);
      from += 1;
    } else {
      const length = sequenceAt(data, from);
      // A character of four bytes has two UTF-16 units.
      if (length === 4) units += 1;
      if (units === TEXT_LIMIT) break;
      end = writeFew(length < 0 ? REPLACEMENT : data.subarray(from, from + length), into, end);
      from += Math.abs(length);
    }
    units += 1;
  }
  into[end] = QUOTE!;
  end += 1;
  return from < data.length ? writeFew(TRUNCATED, into, end) : end;
}

/** A call of `set` costs more than a few bytes. */
function writeFew(bytes: Buffer, into: Buffer, at: number): number {
  for (let n = 0; n < bytes.length; n += 1) into[at + n] = bytes[n]!;
  return at + bytes.length;
}

/**
 * The length of the character of several bytes that begins here (RFC 3629 section 4). Less than zero: so many bytes are no
 * character, and stand for one U+FFFD (Unicode 3.9, "substitution of maximal subparts").
 */
function sequenceAt(data: Buffer, at: number): number {
  const lead = data[at]!;
  const more = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  let least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let n = 1; n <= more; n += 1) {
    const byte = at + n < data.length ? data[at + n]! : 0;
    if (byte < least || byte > most) return -n;
    [least, most] = [0x80, 0xbf];
  }
  return more === 0 ? -1 : more + 1;
}

/** Ten fields of a frame as one line, as `tshark -T fields` prints them, written as bytes into one buffer. */
import { decode } from '../lab/wire/decode.ts';
import type { Captured } from '../lab/wire/frame.ts';

/** tshark's names. */
export const FIELDS = [
  'frame.time_epoch',
  'eth.src',
  'eth.dst',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.flags',
  'frame.len',
] as const;

/** No line is longer. */
const LONGEST = 200;
const [TAB, NEWLINE, DOT, ZERO] = [9, 10, 46, 48];
/** `0x0018` for 24. */
const FLAGS = Array.from({ length: 256 }, (_, flags) => `0x${flags.toString(16).padStart(4, '0')}`);

export class Lines {
  readonly #bytes: Buffer;
  #end = 0;

  constructor(size = 1 << 20) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  get isFull(): boolean {
    return this.#end + LONGEST > this.#bytes.length;
  }

  add({ seconds, nanoseconds, bytes, length }: Captured): void {
    const { ethernet, ipv4, tcp } = decode(bytes, length);
    this.#number(seconds, DOT);
    this.#nanoseconds(nanoseconds);
    this.#text(ethernet?.source);
    this.#text(ethernet?.destination);
    this.#text(ipv4?.source);
    this.#text(ipv4?.destination);
    this.#number(ipv4?.ttl, TAB);
    this.#number(tcp?.sourcePort, TAB);
    this.#number(tcp?.destinationPort, TAB);
    this.#text(tcp && FLAGS[tcp.flags]);
    this.#number(length, NEWLINE);
  }

  /** What was added since, until more is. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#end = 0;
    return taken;
  }

  /** Characters of ASCII. */
  #text(text: string | undefined): void {
    const bytes = this.#bytes;
    let end = this.#end;
    if (text !== undefined) for (let at = 0; at < text.length; at++) bytes[end++] = text.charCodeAt(at);
    bytes[end++] = TAB;
    this.#end = end;
  }

  #number(number: number | undefined, after: number): void {
    const bytes = this.#bytes;
    if (number !== undefined) {
      let digits = 1;
      for (let power = 10; power <= number; power *= 10) digits++;
      this.#digits(number, digits);
    }
    bytes[this.#end++] = after;
  }

  #nanoseconds(nanoseconds: number): void {
    this.#digits(nanoseconds, 9);
    this.#bytes[this.#end++] = TAB;
  }

  #digits(number: number, count: number): void {
    const bytes = this.#bytes;
    let rest = number;
    for (let at = this.#end + count - 1; at >= this.#end; at--) {
      const tenth = Math.floor(rest / 10);
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#end += count;
  }
}

/** The IPv4 header (RFC 791; DSCP of RFC 2474, ECN of RFC 3168). */
import { ipv4Bytes, ipv4Text } from './address.ts';
import { addWords, checksumOf, headerSumsUp } from './checksum.ts';
import type { Ipv4, Option, Trouble } from './frame.ts';
import { putUint16, uint16 } from './integer.ts';
import { type Options, readOptions } from './options.ts';
import { broken, short } from './trouble.ts';

const VERSION_AND_LENGTH = 0;
const TRAFFIC = 1;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FRAGMENT = 6;
const TTL = 8;
const PROTOCOL = 9;
const CHECKSUM = 10;
const SOURCE = 12;
const DESTINATION = 16;
const OPTIONS = 20;

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;

export class Ipv4Header implements Ipv4 {
  readonly kind = 'ipv4';
  readonly start: number;
  readonly end: number;
  private readonly bytes: Uint8Array;
  private read?: Options;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  get source(): string {
    return ipv4Text(this.bytes, this.start + SOURCE);
  }

  get destination(): string {
    return ipv4Text(this.bytes, this.start + DESTINATION);
  }

  get dscp(): number {
    return this.bytes[this.start + TRAFFIC]! >>> 2;
  }

  get ecn(): number {
    return this.bytes[this.start + TRAFFIC]! & 3;
  }

  get totalLength(): number {
    return uint16(this.bytes, this.start + TOTAL_LENGTH);
  }

  get identification(): number {
    return uint16(this.bytes, this.start + IDENTIFICATION);
  }

  get dontFragment(): boolean {
    return (uint16(this.bytes, this.start + FRAGMENT) & DONT_FRAGMENT) !== 0;
  }

  get moreFragments(): boolean {
    return (uint16(this.bytes, this.start + FRAGMENT) & MORE_FRAGMENTS) !== 0;
  }

  get fragmentOffset(): number {
    return (uint16(this.bytes, this.start + FRAGMENT) & 0x1fff) * 8;
  }

  get ttl(): number {
    return this.bytes[this.start + TTL]!;
  }

  get protocol(): number {
    return this.bytes[this.start + PROTOCOL]!;
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + CHECKSUM);
  }

  get checksumRight(): boolean {
    return headerSumsUp(this.bytes, this.start, this.end);
  }

  get options(): readonly Option[] {
    return this.reading().options;
  }

  /** What is broken among the options. */
  get trouble(): Trouble | undefined {
    return this.end === this.start + OPTIONS ? undefined : this.reading().trouble;
  }

  private reading(): Options {
    this.read ??= readOptions('ipv4', this.bytes, this.start + OPTIONS, this.end);
    return this.read;
  }
}

/** The header if all of it lies before `end`. */
export function openIpv4(bytes: Uint8Array, start: number, end: number): Ipv4Header | Trouble {
  if (end - start < OPTIONS) return short('ipv4', start, OPTIONS, end);
  const first = bytes[start + VERSION_AND_LENGTH]!;
  const length = (first & 15) * 4;
  if (first >>> 4 !== 4) return broken('ipv4', start, `version 4: it says ${first >>> 4}`);
  if (length < OPTIONS) {
    return broken('ipv4', start, `a header of at least ${OPTIONS} bytes: it says ${length}`);
  }
  if (end - start < length) return short('ipv4', start, length, end);
  return new Ipv4Header(bytes, start, start + length);
}

export interface Ipv4Fields {
  source: string;
  destination: string;
  dscp?: number;
  ecn?: number;
  identification?: number;
  dontFragment?: boolean;
  moreFragments?: boolean;
  /** Bytes, a multiple of 8. */
  fragmentOffset?: number;
  /** 64 unless given. */
  ttl?: number;
  /** Worked out from what follows unless given. */
  protocol?: number;
  /** As bytes, filled up to a multiple of 4 with ends of options; 40 at most. */
  options?: Uint8Array;
  /** Worked out unless given. */
  totalLength?: number;
  /** Worked out unless given. */
  checksum?: number;
}

/** The header of a datagram that carries `length` bytes of `protocol`. */
export function encodeIpv4(fields: Ipv4Fields, protocol: number, length: number): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const end = OPTIONS + Math.ceil(options.length / 4) * 4;
  const bytes = new Uint8Array(end);
  const flags =
    (fields.dontFragment === true ? DONT_FRAGMENT : 0) | (fields.moreFragments === true ? MORE_FRAGMENTS : 0);
  bytes[VERSION_AND_LENGTH] = 0x40 | (end / 4);
  bytes[TRAFFIC] = ((fields.dscp ?? 0) << 2) | (fields.ecn ?? 0);
  putUint16(bytes, TOTAL_LENGTH, fields.totalLength ?? end + length);
  putUint16(bytes, IDENTIFICATION, fields.identification ?? 0);
  putUint16(bytes, FRAGMENT, flags | ((fields.fragmentOffset ?? 0) >>> 3));
  bytes[TTL] = fields.ttl ?? 64;
  bytes[PROTOCOL] = fields.protocol ?? protocol;
  bytes.set(ipv4Bytes(fields.source), SOURCE);
  bytes.set(ipv4Bytes(fields.destination), DESTINATION);
  bytes.set(options, OPTIONS);
  putUint16(bytes, CHECKSUM, fields.checksum ?? checksumOf(addWords(bytes, 0, end)));
  return bytes;
}

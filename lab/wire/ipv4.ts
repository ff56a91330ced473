/** The IPv4 header (RFC 791; DSCP of RFC 2474, ECN of RFC 3168). */
import { ipv4Text } from './address.ts';
import { headerSumsUp } from './checksum.ts';
import type { Header } from './header.ts';
import { uint16 } from './integer.ts';
import { type Option, type Options, readOptions } from './options.ts';
import { broken, short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the header’s first. */
export const IPV4_AT = {
  versionAndLength: 0,
  traffic: 1,
  totalLength: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const;

export const DONT_FRAGMENT = 0x4000;
export const MORE_FRAGMENTS = 0x2000;

export class Ipv4 implements Header {
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
    return ipv4Text(this.bytes, this.start + IPV4_AT.source);
  }

  get destination(): string {
    return ipv4Text(this.bytes, this.start + IPV4_AT.destination);
  }

  get dscp(): number {
    return this.bytes[this.start + IPV4_AT.traffic]! >>> 2;
  }

  get ecn(): number {
    return this.bytes[this.start + IPV4_AT.traffic]! & 3;
  }

  get totalLength(): number {
    return uint16(this.bytes, this.start + IPV4_AT.totalLength);
  }

  get identification(): number {
    return uint16(this.bytes, this.start + IPV4_AT.identification);
  }

  get dontFragment(): boolean {
    return (uint16(this.bytes, this.start + IPV4_AT.fragment) & DONT_FRAGMENT) !== 0;
  }

  get moreFragments(): boolean {
    return (uint16(this.bytes, this.start + IPV4_AT.fragment) & MORE_FRAGMENTS) !== 0;
  }

  /** In bytes. */
  get fragmentOffset(): number {
    return (uint16(this.bytes, this.start + IPV4_AT.fragment) & 0x1fff) * 8;
  }

  get ttl(): number {
    return this.bytes[this.start + IPV4_AT.ttl]!;
  }

  get protocol(): number {
    return this.bytes[this.start + IPV4_AT.protocol]!;
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + IPV4_AT.checksum);
  }

  get checksumRight(): boolean {
    return headerSumsUp(this.bytes, this.start, this.end);
  }

  get options(): readonly Option[] {
    return this.reading().options;
  }

  /** The first broken option. */
  get trouble(): Trouble | undefined {
    return this.end === this.start + IPV4_AT.options ? undefined : this.reading().trouble;
  }

  private reading(): Options {
    this.read ??= readOptions('ipv4', this.bytes, this.start + IPV4_AT.options, this.end);
    return this.read;
  }
}

/** The header if all of it lies before `end`. */
export function openIpv4(bytes: Uint8Array, start: number, end: number): Ipv4 | Trouble {
  if (end - start < IPV4_AT.options) return short('ipv4', start, IPV4_AT.options, end);
  const first = bytes[start + IPV4_AT.versionAndLength]!;
  const length = (first & 15) * 4;
  if (first >>> 4 !== 4) return broken('ipv4', start, `version 4: it says ${first >>> 4}`);
  if (length < IPV4_AT.options) {
    return broken('ipv4', start, `a header of at least ${IPV4_AT.options} bytes: it says ${length}`);
  }
  if (end - start < length) return short('ipv4', start, length, end);
  return new Ipv4(bytes, start, start + length);
}

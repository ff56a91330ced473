/** ICMP (RFC 792; MTU of RFC 1191). The header is 8 bytes, the last four by type; then comes the payload. */

import type { Header } from './header.ts';
import { type IcmpQuote, readQuote } from './icmp-quote.ts';
import { uint16 } from './integer.ts';
import { short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the message’s first. */
export const ICMP_AT = {
  type: 0,
  code: 1,
  checksum: 2,
  /** Echo and echo reply. */
  identifier: 4,
  sequence: 6,
  /** Fragmentation needed (RFC 1191). */
  mtu: 6,
  end: 8,
} as const;

const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const FRAGMENTATION_NEEDED = 4;
const ECHO_REQUEST = 8;
/** Unreachable, source quench, redirect, time exceeded, parameter problem. */
const ERRORS: readonly number[] = [UNREACHABLE, 4, 5, 11, 12];

export class Icmp implements Header {
  readonly kind = 'icmp';
  readonly start: number;
  readonly end: number;
  readonly type: number;
  private readonly bytes: Uint8Array;
  private readonly limit: number;

  constructor(bytes: Uint8Array, start: number, limit: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + ICMP_AT.end;
    this.type = bytes[start + ICMP_AT.type]!;
    this.limit = limit;
  }

  get code(): number {
    return this.bytes[this.start + ICMP_AT.code]!;
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + ICMP_AT.checksum);
  }

  get identifier(): number | undefined {
    return this.echoField(ICMP_AT.identifier);
  }

  get sequence(): number | undefined {
    return this.echoField(ICMP_AT.sequence);
  }

  get mtu(): number | undefined {
    const has = this.type === UNREACHABLE && this.code === FRAGMENTATION_NEEDED;
    return has ? uint16(this.bytes, this.start + ICMP_AT.mtu) : undefined;
  }

  get about(): IcmpQuote | undefined {
    return ERRORS.includes(this.type) ? readQuote(this.bytes, this.end, this.limit) : undefined;
  }

  private echoField(offset: number): number | undefined {
    const echo = this.type === ECHO_REQUEST || this.type === ECHO_REPLY;
    return echo ? uint16(this.bytes, this.start + offset) : undefined;
  }
}

/** The header if all of it lies before `end`, where the message ends. */
export function openIcmp(bytes: Uint8Array, start: number, end: number): Icmp | Trouble {
  return end - start < ICMP_AT.end ? short('icmp', start, ICMP_AT.end, end) : new Icmp(bytes, start, end);
}

/**
 * ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710, RFC 3810). The
 * header of an echo or an error is 8 bytes and a payload follows; a message of ND or MLD is header to its end.
 */

import { ipv6Text, macText } from './address.ts';
import type { Header } from './header.ts';
import { type IcmpQuote, readQuote } from './icmp-quote.ts';
import { uint16, uint32 } from './integer.ts';
import { REDIRECTED_HEADER, readNdOptions, SOURCE_LINK_ADDRESS, TARGET_LINK_ADDRESS } from './nd-options.ts';
import type { Option } from './options.ts';
import { short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the message’s first. */
export const ICMPV6_AT = {
  type: 0,
  code: 1,
  checksum: 2,
  identifier: 4,
  sequence: 6,
  mtu: 4,
  /** In an advertisement. */
  flags: 4,
  target: 8,
} as const;
const SMALLEST = 4;
const LENGTH = 8;

export const ECHO_REQUEST_V6 = 128;
export const ECHO_REPLY_V6 = 129;
export const ROUTER_SOLICITATION = 133;
export const NEIGHBOUR_SOLICITATION = 135;
export const NEIGHBOUR_ADVERTISEMENT = 136;
export const REDIRECT = 137;
const TOO_BIG = 2;
const LAST_ERROR = 4;

/** Bytes before the options, or before the payload, by type. A type that is not here has only the first four. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [1, LENGTH],
  [TOO_BIG, LENGTH],
  [3, LENGTH],
  [LAST_ERROR, LENGTH],
  [ECHO_REQUEST_V6, LENGTH],
  [ECHO_REPLY_V6, LENGTH],
  [130, 24],
  [131, 24],
  [132, 24],
  [ROUTER_SOLICITATION, 8],
  [134, 16],
  [NEIGHBOUR_SOLICITATION, 24],
  [NEIGHBOUR_ADVERTISEMENT, 24],
  [REDIRECT, 40],
  [143, 8],
]);

export class Icmpv6 implements Header {
  readonly kind = 'icmpv6';
  readonly start: number;
  readonly end: number;
  readonly type: number;
  private readonly bytes: Uint8Array;
  private readonly fixed: number;
  private readonly limit: number;

  constructor(bytes: Uint8Array, start: number, fixed: number, limit: number) {
    this.bytes = bytes;
    this.start = start;
    this.type = bytes[start + ICMPV6_AT.type]!;
    this.fixed = start + fixed;
    this.end = isWholeMessage(this.type) ? limit : start + fixed;
    this.limit = limit;
  }

  get code(): number {
    return this.bytes[this.start + ICMPV6_AT.code]!;
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + ICMPV6_AT.checksum);
  }

  get identifier(): number | undefined {
    return this.isEcho() ? uint16(this.bytes, this.start + ICMPV6_AT.identifier) : undefined;
  }

  get sequence(): number | undefined {
    return this.isEcho() ? uint16(this.bytes, this.start + ICMPV6_AT.sequence) : undefined;
  }

  get mtu(): number | undefined {
    return this.type === TOO_BIG ? uint32(this.bytes, this.start + ICMPV6_AT.mtu) : undefined;
  }

  /** The target of a neighbour solicitation or advertisement; the group of MLDv1. */
  get target(): string | undefined {
    const has = this.fixed - this.start >= ICMPV6_AT.target + 16;
    return has ? ipv6Text(this.bytes, this.start + ICMPV6_AT.target) : undefined;
  }

  /** The link-layer address in an option of ND. */
  get mac(): string | undefined {
    const option = this.options.find(({ kind, start, end }) => isLinkAddress(kind) && end - start === 8);
    return option === undefined ? undefined : macText(this.bytes, option.start + 2);
  }

  get about(): IcmpQuote | undefined {
    if (this.type <= LAST_ERROR) {
      return this.type === 0 ? undefined : readQuote(this.bytes, this.end, this.limit);
    }
    const quoted = this.options.find(({ kind }) => kind === REDIRECTED_HEADER);
    return quoted === undefined ? undefined : readQuote(this.bytes, quoted.start + 8, quoted.end);
  }

  /** The first broken option. */
  get trouble(): Trouble | undefined {
    return hasOptions(this.type) ? readNdOptions(this.bytes, this.fixed, this.limit).trouble : undefined;
  }

  private get options(): readonly Option[] {
    return icmpv6Options(this.bytes, this);
  }

  private isEcho(): boolean {
    return this.type === ECHO_REQUEST_V6 || this.type === ECHO_REPLY_V6;
  }
}

/** The options of neighbour discovery (RFC 4861 section 4.6); empty for any other message. */
export function icmpv6Options(bytes: Uint8Array, { type, start, end }: Icmpv6): readonly Option[] {
  return hasOptions(type) ? readNdOptions(bytes, start + fixedLength(type), end).options : [];
}

function isWholeMessage(type: number): boolean {
  return type >= 130 && FIXED.has(type);
}

function hasOptions(type: number): boolean {
  return type >= ROUTER_SOLICITATION && type <= REDIRECT;
}

function isLinkAddress(kind: number): boolean {
  return kind === SOURCE_LINK_ADDRESS || kind === TARGET_LINK_ADDRESS;
}

/** Bytes of a message of the type before its options or its payload. */
export function fixedLength(type: number): number {
  return FIXED.get(type) ?? SMALLEST;
}

/** The header if all that its type has lies before `end`, where the message ends. */
export function openIcmpv6(bytes: Uint8Array, start: number, end: number): Icmpv6 | Trouble {
  if (end - start < SMALLEST) return short('icmpv6', start, SMALLEST, end);
  const fixed = fixedLength(bytes[start + ICMPV6_AT.type]!);
  if (end - start < fixed) return short('icmpv6', start, fixed, end);
  return new Icmpv6(bytes, start, fixed, end);
}

/**
 * IPv6 extension headers (RFC 8200 section 4; the authentication header of RFC 4302): each names the next one,
 * and all but the fragment header give their length.
 */
import type { Header } from './header.ts';
import { uint16, uint32 } from './integer.ts';
import { short, type Trouble } from './trouble.ts';

/** Where the fields lie, the last two of a fragment header: bytes from the header’s first. */
export const EXTENSION_AT = {
  nextHeader: 0,
  length: 1,
  fragmentOffset: 2,
  identification: 4,
} as const;

export const HOP_BY_HOP = 0;
export const ROUTING = 43;
export const FRAGMENT = 44;
export const AUTHENTICATION = 51;
export const DESTINATION_OPTIONS = 60;
export const SMALLEST = 8;

/** A header with extension headers. */
export interface Extended {
  readonly end: number;
  readonly nextHeader: number;
  extensions: readonly Extension[];
  protocol: number;
  fragmentOffset: number;
  moreFragments: boolean;
  identification: number;
}

export class Extension implements Header {
  readonly kind = 'extension';
  readonly start: number;
  readonly end: number;
  /** The protocol number that names this header: 0 hop-by-hop, 43 routing, 44 fragment, 60 destination. */
  readonly protocol: number;

  constructor(start: number, end: number, protocol: number) {
    this.start = start;
    this.end = end;
    this.protocol = protocol;
  }
}

export function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === DESTINATION_OPTIONS ||
    protocol === AUTHENTICATION
  );
}

/** Adds the extension headers to `ip`; for a later fragment only those up to the fragment header. */
export function readExtensions(bytes: Uint8Array, ip: Extended, end: number): Trouble | undefined {
  const extensions: Extension[] = [];
  ip.extensions = extensions;
  let at = ip.end;
  while (isExtension(ip.protocol) && ip.fragmentOffset === 0) {
    if (end - at < SMALLEST) return short('extension', at, SMALLEST, end);
    const length = lengthOf(bytes, at, ip.protocol);
    if (end - at < length) return short('extension', at, length, end);
    extensions.push(new Extension(at, at + length, ip.protocol));
    if (ip.protocol === FRAGMENT) noteFragment(bytes, at, ip);
    ip.protocol = bytes[at + EXTENSION_AT.nextHeader]!;
    at += length;
  }
  return undefined;
}

function lengthOf(bytes: Uint8Array, at: number, protocol: number): number {
  if (protocol === FRAGMENT) return SMALLEST;
  const units = bytes[at + EXTENSION_AT.length]!;
  // In units of four bytes, and not counting the first two of them (RFC 4302 section 2.2).
  if (protocol === AUTHENTICATION) return Math.max(SMALLEST, (units + 2) * 4);
  return (units + 1) * 8;
}

/** Notes a fragment header. In a fragment of a fragment, one that says that more follows is enough. */
function noteFragment(bytes: Uint8Array, at: number, ip: Extended): void {
  const field = uint16(bytes, at + EXTENSION_AT.fragmentOffset);
  ip.fragmentOffset = field & 0xfff8;
  ip.moreFragments ||= (field & 1) !== 0;
  ip.identification = uint32(bytes, at + EXTENSION_AT.identification);
}

const JUMBO_PAYLOAD = 0xc2;

/** The length in a jumbogram's hop-by-hop option (RFC 2675 section 2); undefined without this option. */
export function jumboLength(bytes: Uint8Array, { nextHeader, end }: Extended): number | undefined {
  if (nextHeader !== HOP_BY_HOP || bytes.length < end + SMALLEST) return undefined;
  const jumbo = bytes[end + 2] === JUMBO_PAYLOAD && bytes[end + 3] === 4;
  return jumbo ? uint32(bytes, end + 4) : undefined;
}

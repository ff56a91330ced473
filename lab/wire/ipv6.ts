/** The IPv6 header (RFC 8200 section 3). Its extension headers are in extension.ts. */
import { ipv6Text } from './address.ts';
import type { Extension } from './extension.ts';
import type { Header } from './header.ts';
import { uint16, uint32 } from './integer.ts';
import { broken, short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the header’s first. */
export const IPV6_AT = {
  versionAndLabel: 0,
  payloadLength: 4,
  nextHeader: 6,
  hopLimit: 7,
  source: 8,
  destination: 24,
  end: 40,
} as const;

const NO_EXTENSIONS: readonly Extension[] = [];

/** `start` to `end` is the fixed header; extension headers follow it. */
export class Ipv6 implements Header {
  readonly kind = 'ipv6';
  readonly start: number;
  readonly end: number;
  extensions: readonly Extension[] = NO_EXTENSIONS;
  /** The protocol after the extension headers; 59 for nothing. */
  protocol: number;
  /** The fields of the fragment header (RFC 8200 section 4.5); 0 and false without one. */
  fragmentOffset = 0;
  moreFragments = false;
  identification = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + IPV6_AT.end;
    this.protocol = bytes[start + IPV6_AT.nextHeader]!;
  }

  get source(): string {
    return ipv6Text(this.bytes, this.start + IPV6_AT.source);
  }

  get destination(): string {
    return ipv6Text(this.bytes, this.start + IPV6_AT.destination);
  }

  get trafficClass(): number {
    return (uint16(this.bytes, this.start + IPV6_AT.versionAndLabel) >>> 4) & 0xff;
  }

  get dscp(): number {
    return this.trafficClass >>> 2;
  }

  get flowLabel(): number {
    return uint32(this.bytes, this.start + IPV6_AT.versionAndLabel) & 0xfffff;
  }

  get payloadLength(): number {
    return uint16(this.bytes, this.start + IPV6_AT.payloadLength);
  }

  get nextHeader(): number {
    return this.bytes[this.start + IPV6_AT.nextHeader]!;
  }

  get hopLimit(): number {
    return this.bytes[this.start + IPV6_AT.hopLimit]!;
  }
}

export function openIpv6(bytes: Uint8Array, start: number, end: number): Ipv6 | Trouble {
  if (end - start < IPV6_AT.end) return short('ipv6', start, IPV6_AT.end, end);
  const version = bytes[start]! >>> 4;
  if (version !== 6) return broken('ipv6', start, `version 6: it says ${version}`);
  return new Ipv6(bytes, start);
}

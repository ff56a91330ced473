/** The UDP header (RFC 768). */
import type { Header } from './header.ts';
import { uint16 } from './integer.ts';
import { short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the header’s first. */
export const UDP_AT = {
  sourcePort: 0,
  destinationPort: 2,
  /** Of header and data. */
  length: 4,
  checksum: 6,
  end: 8,
} as const;

export class Udp implements Header {
  readonly kind = 'udp';
  readonly start: number;
  readonly end: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + UDP_AT.end;
  }

  get sourcePort(): number {
    return uint16(this.bytes, this.start + UDP_AT.sourcePort);
  }

  get destinationPort(): number {
    return uint16(this.bytes, this.start + UDP_AT.destinationPort);
  }

  get length(): number {
    return uint16(this.bytes, this.start + UDP_AT.length);
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + UDP_AT.checksum);
  }
}

export function openUdp(bytes: Uint8Array, start: number, end: number): Udp | Trouble {
  if (end - start < UDP_AT.end) return short('udp', start, UDP_AT.end, end);
  return new Udp(bytes, start);
}

/** The UDP header (RFC 768). */
import type { Trouble, Udp } from './frame.ts';
import { putUint16, uint16 } from './integer.ts';
import { short } from './trouble.ts';

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const DATAGRAM_LENGTH = 4;
export const UDP_CHECKSUM = 6;
export const UDP_LENGTH = 8;

export class UdpHeader implements Udp {
  readonly kind = 'udp';
  readonly start: number;
  readonly end: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + UDP_LENGTH;
  }

  get sourcePort(): number {
    return uint16(this.bytes, this.start + SOURCE_PORT);
  }

  get destinationPort(): number {
    return uint16(this.bytes, this.start + DESTINATION_PORT);
  }

  get length(): number {
    return uint16(this.bytes, this.start + DATAGRAM_LENGTH);
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + UDP_CHECKSUM);
  }
}

export function openUdp(bytes: Uint8Array, start: number, end: number): UdpHeader | Trouble {
  if (end - start < UDP_LENGTH) return short('udp', start, UDP_LENGTH, end);
  return new UdpHeader(bytes, start);
}

export interface UdpFields {
  sourcePort: number;
  destinationPort: number;
  /** Worked out unless given. */
  length?: number;
  /** Worked out unless given; 0 sends none. */
  checksum?: number;
}

/** The header with its checksum zero: what the checksum covers is known one layer up. */
export function encodeUdp(fields: UdpFields, length: number): Uint8Array {
  const bytes = new Uint8Array(UDP_LENGTH);
  putUint16(bytes, SOURCE_PORT, fields.sourcePort);
  putUint16(bytes, DESTINATION_PORT, fields.destinationPort);
  putUint16(bytes, DATAGRAM_LENGTH, fields.length ?? UDP_LENGTH + length);
  return bytes;
}

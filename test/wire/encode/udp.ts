/** UDP headers to bytes; lab/wire/udp.ts reads them. */
import { UDP_AT } from '../../../lab/wire/udp.ts';
import { putUint16 } from './integer.ts';

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
  const bytes = new Uint8Array(UDP_AT.end);
  putUint16(bytes, UDP_AT.sourcePort, fields.sourcePort);
  putUint16(bytes, UDP_AT.destinationPort, fields.destinationPort);
  putUint16(bytes, UDP_AT.length, fields.length ?? UDP_AT.end + length);
  return bytes;
}

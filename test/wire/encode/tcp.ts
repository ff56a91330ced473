/** TCP headers to bytes; lab/wire/tcp.ts reads them. */
import { ACK, TCP_AT } from '../../../lab/wire/tcp.ts';
import { putUint16, putUint32 } from './integer.ts';

export interface TcpFields {
  sourcePort: number;
  destinationPort: number;
  sequence?: number;
  acknowledgement?: number;
  /** As in the header; ACK unless given. */
  flags?: number;
  /** 64240 unless given. */
  window?: number;
  urgent?: number;
  /** As bytes, filled up to a multiple of 4 with ends of options; 40 at most. */
  options?: Uint8Array;
  /** Worked out unless given. */
  checksum?: number;
}

/** The header with its checksum zero: what the checksum covers is known one layer up. */
export function encodeTcp(fields: TcpFields): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const bytes = new Uint8Array(TCP_AT.options + Math.ceil(options.length / 4) * 4);
  putUint16(bytes, TCP_AT.sourcePort, fields.sourcePort);
  putUint16(bytes, TCP_AT.destinationPort, fields.destinationPort);
  putUint32(bytes, TCP_AT.sequence, fields.sequence ?? 0);
  putUint32(bytes, TCP_AT.acknowledgement, fields.acknowledgement ?? 0);
  bytes[TCP_AT.dataOffset] = (bytes.length / 4) << 4;
  bytes[TCP_AT.flags] = fields.flags ?? ACK;
  putUint16(bytes, TCP_AT.window, fields.window ?? 64240);
  putUint16(bytes, TCP_AT.urgent, fields.urgent ?? 0);
  bytes.set(options, TCP_AT.options);
  return bytes;
}

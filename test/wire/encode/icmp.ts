/** ICMP messages to bytes; lab/wire/icmp.ts reads them. */
import { ipv4Bytes } from '../../../lab/wire/address.ts';
import { addWords, checksumOf } from '../../../lab/wire/checksum.ts';
import { ICMP_AT } from '../../../lab/wire/icmp.ts';
import { putUint16 } from './integer.ts';

export interface IcmpFields {
  type: number;
  /** 0 unless given. */
  code?: number;
  /** Bytes 4 to 7 by type, zeros unless given. */
  identifier?: number;
  sequence?: number;
  mtu?: number;
  /** A redirect's gateway. */
  gateway?: string;
  /** Worked out unless given. */
  checksum?: number;
}

/** The header before `payload`, which its checksum covers. */
export function encodeIcmp(fields: IcmpFields, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ICMP_AT.end);
  bytes[ICMP_AT.type] = fields.type;
  bytes[ICMP_AT.code] = fields.code ?? 0;
  putUint16(bytes, ICMP_AT.identifier, fields.identifier ?? 0);
  putUint16(bytes, ICMP_AT.sequence, fields.sequence ?? fields.mtu ?? 0);
  if (fields.gateway !== undefined) bytes.set(ipv4Bytes(fields.gateway), ICMP_AT.identifier);
  const sum = addWords(payload, 0, payload.length, addWords(bytes, 0, ICMP_AT.end));
  putUint16(bytes, ICMP_AT.checksum, fields.checksum ?? checksumOf(sum));
  return bytes;
}

/** IGMP messages to bytes; lab/wire/igmp.ts reads them. */
import { ipv4Bytes } from '../../../lab/wire/address.ts';
import { addWords, checksumOf } from '../../../lab/wire/checksum.ts';
import { IGMP_AT, IGMP_RECORD_AT } from '../../../lab/wire/igmp.ts';
import { putUint16 } from './integer.ts';

export interface IgmpFields {
  type: number;
  /** In tenths of a second; 0 unless given. */
  time?: number;
  /** 0.0.0.0 unless given, of a message without records. */
  group?: string;
  /** Of a report of IGMPv3. */
  records?: { type: number; group: string; sources?: string[] }[];
  /** Worked out unless given. */
  checksum?: number;
}

/** The whole message; its checksum covers `payload`, which follows. */
export function encodeIgmp(fields: IgmpFields, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const records = (fields.records ?? []).map(encodeRecord);
  const bytes = new Uint8Array(IGMP_AT.end + records.reduce((sum, { length }) => sum + length, 0));
  bytes[IGMP_AT.type] = fields.type;
  bytes[IGMP_AT.time] = fields.time ?? 0;
  if (fields.records) putUint16(bytes, IGMP_AT.recordCount, fields.records.length);
  else bytes.set(ipv4Bytes(fields.group ?? '0.0.0.0'), IGMP_AT.group);
  let at: number = IGMP_AT.records;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  const sum = addWords(payload, 0, payload.length, addWords(bytes, 0, bytes.length));
  putUint16(bytes, IGMP_AT.checksum, fields.checksum ?? checksumOf(sum));
  return bytes;
}

function encodeRecord({ type, group, sources = [] }: NonNullable<IgmpFields['records']>[number]): Uint8Array {
  const bytes = new Uint8Array(IGMP_RECORD_AT.end + 4 * sources.length);
  bytes[IGMP_RECORD_AT.type] = type;
  putUint16(bytes, IGMP_RECORD_AT.sources, sources.length);
  bytes.set(ipv4Bytes(group), IGMP_RECORD_AT.group);
  for (const [index, source] of sources.entries())
    bytes.set(ipv4Bytes(source), IGMP_RECORD_AT.end + 4 * index);
  return bytes;
}

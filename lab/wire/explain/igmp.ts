/** The fields of IGMP. */
import type { Frame, Igmp } from '../frame.ts';
import { checksums } from '../frame-checksums.ts';
import { IGMP_AT, IGMP_QUERY, IGMP_RECORD_AT } from '../igmp.ts';
import { igmpTypeWord } from '../igmp-words.ts';
import { uint16 } from '../integer.ts';
import { type ExplainedField, field, hex } from './field.ts';

export function explainIgmp(frame: Frame, igmp: Igmp): ExplainedField[] {
  const { start, end, type, checksum, group, records } = igmp;
  const fields = [
    field('type', start + IGMP_AT.type, 1, hex(type), igmpTypeWord(type)),
    timeField(igmp),
    field('checksum', start + IGMP_AT.checksum, 2, hex(checksum), checksums(frame).transport),
  ];
  if (group !== undefined) fields.push(field('group', start + IGMP_AT.group, 4, group));
  else {
    fields.push(field('reserved', start + IGMP_AT.group, 2, hex(uint16(frame.bytes, start + IGMP_AT.group))));
    const count = uint16(frame.bytes, start + IGMP_AT.recordCount);
    fields.push(field('records', start + IGMP_AT.recordCount, 2, count));
  }
  for (const { start: at, end: over, group: one, says } of records) {
    const type = frame.bytes[at + IGMP_RECORD_AT.type]!;
    fields.push(field('record', at, IGMP_RECORD_AT.group, `type ${type}`, says));
    fields.push(field('group', at + IGMP_RECORD_AT.group, 4, one));
    const rest = over - at - IGMP_RECORD_AT.end;
    if (rest > 0) fields.push(field('sources', at + IGMP_RECORD_AT.end, rest, `${rest} bytes`));
  }
  const said = records.at(-1)?.end ?? start + IGMP_AT.end;
  if (end > said) fields.push(field('rest', said, end - said, `${end - said} bytes`));
  return fields;
}

/** Bytes of a query from which on it is one of IGMPv3 (RFC 3376 section 7.1), and from which value on its time is a code. */
const QUERY_V3 = 12;
const CODED = 128;

/** Only a query has a time. From 128 on a query of IGMPv3 has a mantissa and an exponent (RFC 3376 section 4.1.1). */
function timeField({ start, end, type, time }: Igmp): ExplainedField {
  const at = start + IGMP_AT.time;
  if (type !== IGMP_QUERY) return field('reserved', at, 1, hex(time, 2));
  const coded = end - start >= QUERY_V3 && time >= CODED;
  const tenths = coded ? ((time & 0x0f) | 0x10) << (((time >> 4) & 0x07) + 3) : time;
  return field('time for answers', at, 1, time, `${tenths} tenths of a second`);
}

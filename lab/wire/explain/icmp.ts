/** The fields of ICMP and ICMPv6. */

import type { Frame, Icmp, Icmpv6 } from '../frame.ts';
import { checksums } from '../frame-checksums.ts';
import { ICMP_AT } from '../icmp.ts';
import { icmpv6Word, icmpWord } from '../icmp-words.ts';
import { fixedLength, ICMPV6_AT, icmpv6Options } from '../icmpv6.ts';
import { uint16, uint32 } from '../integer.ts';
import type { Names } from '../names.ts';
import { type ExplainedField, field, hex } from './field.ts';
import { explainNdOptions } from './options.ts';

export function explainIcmp(frame: Frame, icmp: Icmp): ExplainedField[] {
  const { start, type, code, mtu } = icmp;
  return [
    ...explainFirst(frame, icmp, icmpWord(type, code)),
    ...explainEcho(icmp),
    ...(mtu === undefined ? [] : explainMtu(frame, start, mtu)),
    ...(icmp.identifier === undefined && mtu === undefined ? [rest(frame, start)] : []),
  ];
}

export function explainIcmpv6(frame: Frame, icmpv6: Icmpv6, names: Names): ExplainedField[] {
  const { start, end, type, code, mtu, target } = icmpv6;
  const fields = [...explainFirst(frame, icmpv6, icmpv6Word(type, code)), ...explainEcho(icmpv6)];
  if (mtu !== undefined) fields.push(field('MTU of the link', start + ICMPV6_AT.mtu, 4, mtu));
  else if (icmpv6.identifier === undefined && end - start >= 8) fields.push(rest(frame, start));
  if (target !== undefined)
    fields.push(field('target', start + ICMPV6_AT.target, 16, target, names.host(target)));
  const options = icmpv6Options(frame.bytes, icmpv6);
  const said = start + (target === undefined ? 8 : 24);
  const fixed = options.length > 0 ? start + fixedLength(type) : end;
  if (fixed > said) fields.push(field('message', said, fixed - said, `${fixed - said} bytes`));
  return [...fields, ...explainNdOptions(frame.bytes, options, Math.max(fixed, said), end)];
}

function explainFirst(frame: Frame, layer: Icmp | Icmpv6, word: string | undefined): ExplainedField[] {
  const { start, type, code, checksum } = layer;
  return [
    field('type', start + ICMP_AT.type, 1, type, word),
    field('code', start + ICMP_AT.code, 1, code),
    field('checksum', start + ICMP_AT.checksum, 2, hex(checksum), checksums(frame).transport),
  ];
}

function explainEcho({ start, identifier, sequence }: Icmp | Icmpv6): ExplainedField[] {
  if (identifier === undefined || sequence === undefined) return [];
  return [
    field('identifier', start + ICMP_AT.identifier, 2, identifier),
    field('sequence number', start + ICMP_AT.sequence, 2, sequence),
  ];
}

function explainMtu({ bytes }: Frame, start: number, mtu: number): ExplainedField[] {
  return [
    field('unused', start + 4, 2, hex(uint16(bytes, start + 4))),
    field('MTU of the next hop', start + ICMP_AT.mtu, 2, mtu),
  ];
}

/** The four bytes whose meaning is the type's own. */
function rest({ bytes }: Frame, start: number): ExplainedField {
  return field('rest of the header', start + 4, 4, hex(uint32(bytes, start + 4), 8));
}

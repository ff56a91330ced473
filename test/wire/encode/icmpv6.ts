/** ICMPv6 messages to bytes; lab/wire/icmpv6.ts reads them. */
import { ipv6Bytes, macBytes } from '../../../lab/wire/address.ts';
import { addWords, checksumOf } from '../../../lab/wire/checksum.ts';
import {
  ECHO_REPLY_V6,
  ECHO_REQUEST_V6,
  fixedLength,
  ICMPV6_AT,
  NEIGHBOUR_ADVERTISEMENT,
  REDIRECT,
  ROUTER_SOLICITATION,
} from '../../../lab/wire/icmpv6.ts';
import { SOURCE_LINK_ADDRESS, TARGET_LINK_ADDRESS } from '../../../lab/wire/nd-options.ts';
import { putUint16, putUint32 } from './integer.ts';

export interface Icmpv6Fields {
  type: number;
  /** 0 unless given. */
  code?: number;
  identifier?: number;
  sequence?: number;
  mtu?: number;
  /** What is asked for or answered; MLDv1's group. */
  target?: string;
  /** Goes into an option of neighbour discovery: the target's in an advertisement or redirect, else the source's. */
  mac?: string;
  /** The flags of an advertisement, as the byte they stand in: 0x80 router, 0x40 solicited, 0x20 override. */
  flags?: number;
  /** Worked out unless given. */
  checksum?: number;
}

/** `payload` follows header and option; `pseudo` gives the pseudo header's sum for so many bytes. */
export function encodeIcmpv6(
  fields: Icmpv6Fields,
  payload: Uint8Array,
  pseudo: (length: number) => number,
): Uint8Array {
  const fixed = fixedLength(fields.type);
  const option = optionOf(fields);
  const bytes = new Uint8Array(fixed + option.length + payload.length);
  bytes[ICMPV6_AT.type] = fields.type;
  bytes[ICMPV6_AT.code] = fields.code ?? 0;
  putBody(bytes, fields);
  bytes.set(option, fixed);
  bytes.set(payload, fixed + option.length);
  const sum = addWords(bytes, 0, bytes.length, pseudo(bytes.length));
  putUint16(bytes, ICMPV6_AT.checksum, fields.checksum ?? checksumOf(sum));
  return bytes;
}

function putBody(bytes: Uint8Array, { type, identifier, sequence, mtu, flags, target }: Icmpv6Fields): void {
  if (type === ECHO_REQUEST_V6 || type === ECHO_REPLY_V6) {
    putUint16(bytes, ICMPV6_AT.identifier, identifier ?? 0);
    putUint16(bytes, ICMPV6_AT.sequence, sequence ?? 0);
  }
  if (mtu !== undefined) putUint32(bytes, ICMPV6_AT.mtu, mtu);
  if (flags !== undefined) bytes[ICMPV6_AT.flags] = flags;
  if (target !== undefined) bytes.set(ipv6Bytes(target), ICMPV6_AT.target);
}

function optionOf({ type, mac }: Icmpv6Fields): Uint8Array {
  if (mac === undefined || type < ROUTER_SOLICITATION || type > REDIRECT) return new Uint8Array();
  const isTarget = type >= NEIGHBOUR_ADVERTISEMENT;
  return encodeLinkAddress(isTarget ? TARGET_LINK_ADDRESS : SOURCE_LINK_ADDRESS, mac);
}

/** The option that gives a link-layer address. */
function encodeLinkAddress(kind: number, mac: string): Uint8Array {
  return Uint8Array.of(kind, 1, ...macBytes(mac));
}

/** ICMPv6 messages to bytes; icmpv6.ts reads them. */
import { ipv6Bytes } from './address.ts';
import { addWords, checksumOf } from './checksum.ts';
import {
  ECHO_REPLY_V6,
  ECHO_REQUEST_V6,
  fixedLength,
  NEIGHBOUR_ADVERTISEMENT,
  REDIRECT,
  ROUTER_SOLICITATION,
} from './icmpv6.ts';
import { putUint16, putUint32 } from './integer.ts';
import { encodeLinkAddress, SOURCE_LINK_ADDRESS, TARGET_LINK_ADDRESS } from './nd-options.ts';

const CODE = 1;
const CHECKSUM = 2;
const BODY = 4;
const TARGET = 8;

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
  bytes[0] = fields.type;
  bytes[CODE] = fields.code ?? 0;
  putBody(bytes, fields);
  bytes.set(option, fixed);
  bytes.set(payload, fixed + option.length);
  const sum = addWords(bytes, 0, bytes.length, pseudo(bytes.length));
  putUint16(bytes, CHECKSUM, fields.checksum ?? checksumOf(sum));
  return bytes;
}

function putBody(bytes: Uint8Array, { type, identifier, sequence, mtu, flags, target }: Icmpv6Fields): void {
  if (type === ECHO_REQUEST_V6 || type === ECHO_REPLY_V6) {
    putUint16(bytes, BODY, identifier ?? 0);
    putUint16(bytes, BODY + 2, sequence ?? 0);
  }
  if (mtu !== undefined) putUint32(bytes, BODY, mtu);
  if (flags !== undefined) bytes[BODY] = flags;
  if (target !== undefined) bytes.set(ipv6Bytes(target), TARGET);
}

function optionOf({ type, mac }: Icmpv6Fields): Uint8Array {
  if (mac === undefined || type < ROUTER_SOLICITATION || type > REDIRECT) return new Uint8Array();
  const isTarget = type >= NEIGHBOUR_ADVERTISEMENT;
  return encodeLinkAddress(isTarget ? TARGET_LINK_ADDRESS : SOURCE_LINK_ADDRESS, mac);
}

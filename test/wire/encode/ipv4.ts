/** IPv4 headers to bytes; lab/wire/ipv4.ts reads them. */
import { ipv4Bytes } from '../../../lab/wire/address.ts';
import { addWords, checksumOf } from '../../../lab/wire/checksum.ts';
import { DONT_FRAGMENT, IPV4_AT, MORE_FRAGMENTS } from '../../../lab/wire/ipv4.ts';
import { putUint16 } from './integer.ts';

export interface Ipv4Fields {
  source: string;
  destination: string;
  dscp?: number;
  ecn?: number;
  identification?: number;
  dontFragment?: boolean;
  moreFragments?: boolean;
  /** Bytes, a multiple of 8. */
  fragmentOffset?: number;
  /** 64 unless given. */
  ttl?: number;
  /** Worked out from what follows unless given. */
  protocol?: number;
  /** As bytes, filled up to a multiple of 4 with ends of options; 40 at most. */
  options?: Uint8Array;
  /** Worked out unless given. */
  totalLength?: number;
  /** Worked out unless given. */
  checksum?: number;
}

/** The header of a datagram that carries `length` bytes of `protocol`. */
export function encodeIpv4(fields: Ipv4Fields, protocol: number, length: number): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const end = IPV4_AT.options + Math.ceil(options.length / 4) * 4;
  const bytes = new Uint8Array(end);
  const flags =
    (fields.dontFragment === true ? DONT_FRAGMENT : 0) | (fields.moreFragments === true ? MORE_FRAGMENTS : 0);
  bytes[IPV4_AT.versionAndLength] = 0x40 | (end / 4);
  bytes[IPV4_AT.traffic] = ((fields.dscp ?? 0) << 2) | (fields.ecn ?? 0);
  putUint16(bytes, IPV4_AT.totalLength, fields.totalLength ?? end + length);
  putUint16(bytes, IPV4_AT.identification, fields.identification ?? 0);
  putUint16(bytes, IPV4_AT.fragment, flags | ((fields.fragmentOffset ?? 0) >>> 3));
  bytes[IPV4_AT.ttl] = fields.ttl ?? 64;
  bytes[IPV4_AT.protocol] = fields.protocol ?? protocol;
  bytes.set(ipv4Bytes(fields.source), IPV4_AT.source);
  bytes.set(ipv4Bytes(fields.destination), IPV4_AT.destination);
  bytes.set(options, IPV4_AT.options);
  putUint16(bytes, IPV4_AT.checksum, fields.checksum ?? checksumOf(addWords(bytes, 0, end)));
  return bytes;
}

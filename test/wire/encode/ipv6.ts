/** IPv6 headers to bytes; lab/wire/ipv6.ts reads them. */
import { ipv6Bytes } from '../../../lab/wire/address.ts';
import { IPV6_AT } from '../../../lab/wire/ipv6.ts';
import { putUint16, putUint32 } from './integer.ts';

export interface Ipv6Fields {
  source: string;
  destination: string;
  trafficClass?: number;
  flowLabel?: number;
  /** 64 unless given. */
  hopLimit?: number;
  /** Worked out from what follows unless given. */
  nextHeader?: number;
  /** Worked out unless given. */
  payloadLength?: number;
}

/** The header of a packet that carries `length` bytes, extension headers among them. */
export function encodeIpv6(fields: Ipv6Fields, nextHeader: number, length: number): Uint8Array {
  const bytes = new Uint8Array(IPV6_AT.end);
  const traffic = (fields.trafficClass ?? 0) << 20;
  putUint32(bytes, IPV6_AT.versionAndLabel, 0x60000000 | traffic | ((fields.flowLabel ?? 0) & 0xfffff));
  putUint16(bytes, IPV6_AT.payloadLength, fields.payloadLength ?? length);
  bytes[IPV6_AT.nextHeader] = fields.nextHeader ?? nextHeader;
  bytes[IPV6_AT.hopLimit] = fields.hopLimit ?? 64;
  bytes.set(ipv6Bytes(fields.source), IPV6_AT.source);
  bytes.set(ipv6Bytes(fields.destination), IPV6_AT.destination);
  return bytes;
}

/** The IPv6 header (RFC 8200 section 3). Its extension headers are in extension.ts. */
import { ipv6Bytes, ipv6Text } from './address.ts';
import type { ExtensionHeader } from './extension.ts';
import type { Ipv6, Trouble } from './frame.ts';
import { putUint16, putUint32, uint16, uint32 } from './integer.ts';
import { broken, short } from './trouble.ts';

const VERSION_AND_LABEL = 0;
const PAYLOAD_LENGTH = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const DESTINATION = 24;
const LENGTH = 40;

const NO_EXTENSIONS: readonly ExtensionHeader[] = [];

export class Ipv6Header implements Ipv6 {
  readonly kind = 'ipv6';
  readonly start: number;
  readonly end: number;
  extensions: readonly ExtensionHeader[] = NO_EXTENSIONS;
  protocol: number;
  fragmentOffset = 0;
  moreFragments = false;
  identification = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + LENGTH;
    this.protocol = bytes[start + NEXT_HEADER]!;
  }

  get source(): string {
    return ipv6Text(this.bytes, this.start + SOURCE);
  }

  get destination(): string {
    return ipv6Text(this.bytes, this.start + DESTINATION);
  }

  get trafficClass(): number {
    return (uint16(this.bytes, this.start + VERSION_AND_LABEL) >>> 4) & 0xff;
  }

  get flowLabel(): number {
    return uint32(this.bytes, this.start + VERSION_AND_LABEL) & 0xfffff;
  }

  get payloadLength(): number {
    return uint16(this.bytes, this.start + PAYLOAD_LENGTH);
  }

  get nextHeader(): number {
    return this.bytes[this.start + NEXT_HEADER]!;
  }

  get hopLimit(): number {
    return this.bytes[this.start + HOP_LIMIT]!;
  }
}

export function openIpv6(bytes: Uint8Array, start: number, end: number): Ipv6Header | Trouble {
  if (end - start < LENGTH) return short('ipv6', start, LENGTH, end);
  const version = bytes[start]! >>> 4;
  if (version !== 6) return broken('ipv6', start, `version 6: it says ${version}`);
  return new Ipv6Header(bytes, start);
}

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
  const bytes = new Uint8Array(LENGTH);
  const traffic = (fields.trafficClass ?? 0) << 20;
  putUint32(bytes, VERSION_AND_LABEL, 0x60000000 | traffic | ((fields.flowLabel ?? 0) & 0xfffff));
  putUint16(bytes, PAYLOAD_LENGTH, fields.payloadLength ?? length);
  bytes[NEXT_HEADER] = fields.nextHeader ?? nextHeader;
  bytes[HOP_LIMIT] = fields.hopLimit ?? 64;
  bytes.set(ipv6Bytes(fields.source), SOURCE);
  bytes.set(ipv6Bytes(fields.destination), DESTINATION);
  return bytes;
}

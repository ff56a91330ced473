/** ICMP (RFC 792; MTU of RFC 1191). The header is 8 bytes, the last four by type; what follows is the payload. */
import { readAbout } from './about.ts';
import { ipv4Bytes } from './address.ts';
import { addWords, checksumOf } from './checksum.ts';
import type { About, Icmp, Trouble } from './frame.ts';
import { putUint16, uint16 } from './integer.ts';
import { short } from './trouble.ts';

const TYPE = 0;
const CODE = 1;
const CHECKSUM = 2;
const IDENTIFIER = 4;
const SEQUENCE = 6;
const MTU = 6;
const LENGTH = 8;

const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const FRAGMENTATION_NEEDED = 4;
const ECHO_REQUEST = 8;
/** Unreachable, source quench, redirect, time exceeded, parameter problem. */
const ERRORS: readonly number[] = [UNREACHABLE, 4, 5, 11, 12];

export class IcmpHeader implements Icmp {
  readonly kind = 'icmp';
  readonly start: number;
  readonly end: number;
  readonly type: number;
  private readonly bytes: Uint8Array;
  private readonly limit: number;

  constructor(bytes: Uint8Array, start: number, limit: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + LENGTH;
    this.type = bytes[start + TYPE]!;
    this.limit = limit;
  }

  get code(): number {
    return this.bytes[this.start + CODE]!;
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + CHECKSUM);
  }

  get identifier(): number | undefined {
    return this.echoField(IDENTIFIER);
  }

  get sequence(): number | undefined {
    return this.echoField(SEQUENCE);
  }

  get mtu(): number | undefined {
    const has = this.type === UNREACHABLE && this.code === FRAGMENTATION_NEEDED;
    return has ? uint16(this.bytes, this.start + MTU) : undefined;
  }

  get about(): About | undefined {
    return ERRORS.includes(this.type) ? readAbout(this.bytes, this.end, this.limit) : undefined;
  }

  private echoField(offset: number): number | undefined {
    const echo = this.type === ECHO_REQUEST || this.type === ECHO_REPLY;
    return echo ? uint16(this.bytes, this.start + offset) : undefined;
  }
}

/** The header if all of it lies before `end`, where the message ends. */
export function openIcmp(bytes: Uint8Array, start: number, end: number): IcmpHeader | Trouble {
  return end - start < LENGTH ? short('icmp', start, LENGTH, end) : new IcmpHeader(bytes, start, end);
}

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
  const bytes = new Uint8Array(LENGTH);
  bytes[TYPE] = fields.type;
  bytes[CODE] = fields.code ?? 0;
  putUint16(bytes, IDENTIFIER, fields.identifier ?? 0);
  putUint16(bytes, SEQUENCE, fields.sequence ?? fields.mtu ?? 0);
  if (fields.gateway !== undefined) bytes.set(ipv4Bytes(fields.gateway), IDENTIFIER);
  const sum = addWords(payload, 0, payload.length, addWords(bytes, 0, LENGTH));
  putUint16(bytes, CHECKSUM, fields.checksum ?? checksumOf(sum));
  return bytes;
}

/** The TCP header (RFC 9293 section 3.1) and its options. */
import type { Tcp, TcpOption, Trouble } from './frame.ts';
import { putUint16, putUint32, uint16, uint32 } from './integer.ts';
import { readTcpOptions, type TcpOptions } from './tcp-options.ts';
import { broken, short } from './trouble.ts';

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const SEQUENCE = 4;
const ACKNOWLEDGEMENT = 8;
const DATA_OFFSET = 12;
const FLAGS = 13;
const WINDOW = 14;
export const TCP_CHECKSUM = 16;
const URGENT = 18;
const OPTIONS = 20;

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;
export const ECE = 64;
export const CWR = 128;

/** In the order in which they are written. */
const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [SYN, 'SYN'],
  [FIN, 'FIN'],
  [RST, 'RST'],
  [PSH, 'PSH'],
  [ACK, 'ACK'],
  [URG, 'URG'],
  [ECE, 'ECE'],
  [CWR, 'CWR'],
];

/** `SYN+ACK` for 18; `no flags` for 0. */
export function tcpFlags(flags: number): string {
  const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return names.length === 0 ? 'no flags' : names.join('+');
}

export class TcpHeader implements Tcp {
  readonly kind = 'tcp';
  readonly start: number;
  readonly end: number;
  private readonly bytes: Uint8Array;
  private read?: TcpOptions;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
  }

  get sourcePort(): number {
    return uint16(this.bytes, this.start + SOURCE_PORT);
  }

  get destinationPort(): number {
    return uint16(this.bytes, this.start + DESTINATION_PORT);
  }

  get sequence(): number {
    return uint32(this.bytes, this.start + SEQUENCE);
  }

  get acknowledgement(): number {
    return uint32(this.bytes, this.start + ACKNOWLEDGEMENT);
  }

  get flags(): number {
    return this.bytes[this.start + FLAGS]!;
  }

  get window(): number {
    return uint16(this.bytes, this.start + WINDOW);
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + TCP_CHECKSUM);
  }

  get urgent(): number {
    return uint16(this.bytes, this.start + URGENT);
  }

  get options(): readonly TcpOption[] {
    return this.reading().options;
  }

  /** What is broken among the options. */
  get trouble(): Trouble | undefined {
    return this.end === this.start + OPTIONS ? undefined : this.reading().trouble;
  }

  private reading(): TcpOptions {
    this.read ??= readTcpOptions(this.bytes, this.start + OPTIONS, this.end);
    return this.read;
  }
}

export function openTcp(bytes: Uint8Array, start: number, end: number): TcpHeader | Trouble {
  if (end - start < OPTIONS) return short('tcp', start, OPTIONS, end);
  const length = (bytes[start + DATA_OFFSET]! >>> 4) * 4;
  if (length < OPTIONS) {
    return broken('tcp', start + DATA_OFFSET, `a header of at least ${OPTIONS} bytes: it says ${length}`);
  }
  if (end - start < length) return short('tcp', start, length, end);
  return new TcpHeader(bytes, start, start + length);
}

export interface TcpFields {
  sourcePort: number;
  destinationPort: number;
  sequence?: number;
  acknowledgement?: number;
  /** As in the header; ACK unless given. */
  flags?: number;
  /** 64240 unless given. */
  window?: number;
  urgent?: number;
  /** As bytes, filled up to a multiple of 4 with ends of options; 40 at most. */
  options?: Uint8Array;
  /** Worked out unless given. */
  checksum?: number;
}

/** The header with its checksum zero: what the checksum covers is known one layer up. */
export function encodeTcp(fields: TcpFields): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const bytes = new Uint8Array(OPTIONS + Math.ceil(options.length / 4) * 4);
  putUint16(bytes, SOURCE_PORT, fields.sourcePort);
  putUint16(bytes, DESTINATION_PORT, fields.destinationPort);
  putUint32(bytes, SEQUENCE, fields.sequence ?? 0);
  putUint32(bytes, ACKNOWLEDGEMENT, fields.acknowledgement ?? 0);
  bytes[DATA_OFFSET] = (bytes.length / 4) << 4;
  bytes[FLAGS] = fields.flags ?? ACK;
  putUint16(bytes, WINDOW, fields.window ?? 64240);
  putUint16(bytes, URGENT, fields.urgent ?? 0);
  bytes.set(options, OPTIONS);
  return bytes;
}

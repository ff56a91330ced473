/** The TCP header (RFC 9293 section 3.1) and its options. */
import type { Header } from './header.ts';
import { uint16, uint32 } from './integer.ts';
import { readTcpOptions, type TcpOption, type TcpOptions } from './tcp-options.ts';
import { broken, short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the header’s first. */
export const TCP_AT = {
  sourcePort: 0,
  destinationPort: 2,
  sequence: 4,
  acknowledgement: 8,
  dataOffset: 12,
  /** Bits as in the header: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG, 64 ECE, 128 CWR. */
  flags: 13,
  /** As on the wire: not scaled. */
  window: 14,
  checksum: 16,
  urgent: 18,
  options: 20,
} as const;

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

export class Tcp implements Header {
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
    return uint16(this.bytes, this.start + TCP_AT.sourcePort);
  }

  get destinationPort(): number {
    return uint16(this.bytes, this.start + TCP_AT.destinationPort);
  }

  get sequence(): number {
    return uint32(this.bytes, this.start + TCP_AT.sequence);
  }

  get acknowledgement(): number {
    return uint32(this.bytes, this.start + TCP_AT.acknowledgement);
  }

  get flags(): number {
    return this.bytes[this.start + TCP_AT.flags]!;
  }

  get window(): number {
    return uint16(this.bytes, this.start + TCP_AT.window);
  }

  get checksum(): number {
    return uint16(this.bytes, this.start + TCP_AT.checksum);
  }

  get urgent(): number {
    return uint16(this.bytes, this.start + TCP_AT.urgent);
  }

  get options(): readonly TcpOption[] {
    return this.reading().options;
  }

  /** The first broken option. */
  get trouble(): Trouble | undefined {
    return this.end === this.start + TCP_AT.options ? undefined : this.reading().trouble;
  }

  private reading(): TcpOptions {
    this.read ??= readTcpOptions(this.bytes, this.start + TCP_AT.options, this.end);
    return this.read;
  }
}

export function openTcp(bytes: Uint8Array, start: number, end: number): Tcp | Trouble {
  if (end - start < TCP_AT.options) return short('tcp', start, TCP_AT.options, end);
  const length = (bytes[start + TCP_AT.dataOffset]! >>> 4) * 4;
  if (length < TCP_AT.options) {
    return broken(
      'tcp',
      start + TCP_AT.dataOffset,
      `a header of at least ${TCP_AT.options} bytes: it says ${length}`,
    );
  }
  if (end - start < length) return short('tcp', start, length, end);
  return new Tcp(bytes, start, start + length);
}

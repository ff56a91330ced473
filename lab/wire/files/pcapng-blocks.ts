/**
 * The blocks of pcapng (draft-ietf-opsawg-pcapng) that are read and written here, and their options: numbers,
 * sizes, and the padding to 32 bits. A block is its type, its length, a body, and the length again.
 */
import { damaged, type Window } from './capture-format.ts';

export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete, but still in use. */
  packet: 2,
  simplePacket: 3,
  nameResolution: 4,
  statistics: 5,
  enhancedPacket: 6,
  secrets: 10,
} as const;

/** A number in a section header that shows the section's byte order. */
export const BYTE_ORDER = 0x1a2b3c4d;
/** Type and length before the body; the length again after it. */
export const BEFORE = 8;
export const AFTER = 4;
/** The offset of the frame in the body of a packet block. */
export const PACKET_HEADER = 20;

export const OPTION = {
  end: 0,
  comment: 1,
  name: 2,
  description: 3,
  mac: 6,
  resolution: 9,
  timeOffset: 14,
  hardware: 15,
  /** In an enhanced packet block. */
  flags: 2,
  /** In a section header. */
  application: 4,
  /** In statistics. */
  received: 4,
  dropped: 5,
} as const;

/** Records of a name resolution block. */
export const NAME = { ipv4: 1, ipv6: 2, eui48: 3 } as const;

/** The kind of secrets that are lines of SSLKEYLOGFILE (RFC 9850). */
export const TLS_KEYS = 0x544c534b;

export function padded(length: number): number {
  return (length + 3) & ~3;
}

/** Calls `call` for each option between two offsets of the window: with its code, and its value's start and length. */
export function eachOption(
  { view, base }: Window,
  from: number,
  end: number,
  little: boolean,
  call: (code: number, start: number, length: number) => void,
): void {
  let at = from;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === OPTION.end) return;
    if (at + 4 + length > end)
      throw damaged(base + at, `an option of ${length} bytes passes its block's end`);
    call(code, at + 4, length);
    at += 4 + padded(length);
  }
}

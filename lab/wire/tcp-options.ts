/** TCP's options: MSS (RFC 9293), window scale and time stamps (RFC 7323), SACK (RFC 2018). */

import { uint16, uint32 } from './integer.ts';
import { type Option, readOptions } from './options.ts';
import { broken, type Trouble } from './trouble.ts';

/** MSS, window scale (RFC 7323), SACK permitted, SACK blocks (RFC 2018), time stamps; others by number. */
export interface TcpOption extends Option {
  readonly mss?: number;
  readonly scale?: number;
  readonly sack?: readonly { from: number; to: number }[];
  readonly timestamp?: { value: number; echo: number };
}

export const MSS = 2;
export const WINDOW_SCALE = 3;
export const SACK_PERMITTED = 4;
export const SACK = 5;
export const TIMESTAMPS = 8;

export interface TcpOptions {
  options: TcpOption[];
  trouble?: Trouble;
}

/** Bytes of the kinds that have only one length. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [MSS, 4],
  [WINDOW_SCALE, 3],
  [SACK_PERMITTED, 2],
  [TIMESTAMPS, 10],
]);

/** An option of a known kind with another length stays, without its value. */
export function readTcpOptions(bytes: Uint8Array, start: number, end: number): TcpOptions {
  const read = readOptions('tcp', bytes, start, end);
  const wrong = read.options.map(wrongLength).find((trouble) => trouble !== undefined);
  const options = read.options.map((option) => withValue(bytes, option));
  const trouble = wrong ?? read.trouble;
  return trouble === undefined ? { options } : { options, trouble };
}

function wrongLength({ kind, start, end }: Option): Trouble | undefined {
  const there = end - start;
  if (kind === SACK && (there < 10 || there % 8 !== 2)) {
    return broken('tcp', start + 1, `option 5 (SACK) holds blocks of 8 bytes: it is ${there} bytes long`);
  }
  const length = LENGTHS.get(kind) ?? there;
  if (length === there) return undefined;
  return broken('tcp', start + 1, `option ${kind} is ${length} bytes: it says ${there}`);
}

function withValue(bytes: Uint8Array, option: Option): TcpOption {
  const { kind, start, end } = option;
  if (wrongLength(option) !== undefined) return option;
  if (kind === MSS) return { ...option, mss: uint16(bytes, start + 2) };
  if (kind === WINDOW_SCALE) return { ...option, scale: bytes[start + 2]! };
  if (kind === SACK) return { ...option, sack: sackBlocks(bytes, start + 2, end) };
  if (kind !== TIMESTAMPS) return option;
  return { ...option, timestamp: { value: uint32(bytes, start + 2), echo: uint32(bytes, start + 6) } };
}

function sackBlocks(bytes: Uint8Array, start: number, end: number): { from: number; to: number }[] {
  const blocks: { from: number; to: number }[] = [];
  for (let at = start; at < end; at += 8) {
    blocks.push({ from: uint32(bytes, at), to: uint32(bytes, at + 4) });
  }
  return blocks;
}

/**
 * Writes pcapng: one section, an interface block for each card with its name and MAC, the hosts' names, and keys of TLS. Then come
 * frames with nanoseconds, direction and comment, and at the end the counts of each card. Little endian.
 */
import ipaddr from 'ipaddr.js';
import { macBytes } from '../address.ts';
import type { Captured } from '../frame.ts';
import { LINK } from '../link-types.ts';
import type { CaptureCard, CaptureWriter, Counts } from './capture-format.ts';
import {
  AFTER,
  BEFORE,
  BLOCK,
  BYTE_ORDER,
  NAME,
  OPTION,
  PACKET_HEADER,
  padded,
  TLS_KEYS,
} from './pcapng-blocks.ts';

const NANOSECONDS = 9;

export interface PcapngFile {
  /** In the order of `Captured.card`. Where link type and snap length are absent, they are Ethernet and whole frames. */
  cards: readonly (Omit<CaptureCard, 'linkType' | 'snapLength'> & Partial<CaptureCard>)[];
  /** Literal address or MAC → the name that readers show for it. */
  names?: ReadonlyMap<string, string>;
  /** Lines of SSLKEYLOGFILE, for the conversations over TLS whose frames come (RFC 9850). */
  keys?: readonly string[];
  /** The comment on the whole file. */
  comment?: string;
}

export function pcapngWriter({ cards, names = new Map(), keys = [], comment }: PcapngFile): CaptureWriter {
  const blocks = [section(comment), ...cards.map(interfaceBlock)];
  if (names.size > 0) blocks.push(nameBlock(names));
  if (keys.length > 0) blocks.push(secretsBlock(keys));
  return {
    head: Buffer.concat(blocks),
    frames: writeFrames,
    end: (counts = []) => Buffer.concat(counts.map(statistics)),
  };
}

function section(comment: string | undefined): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(BYTE_ORDER, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeBigInt64LE(-1n, 8); // how long the section is, is not known yet
  const application = option(OPTION.application, Buffer.from('lanlab'));
  return block(BLOCK.section, [fixed, ...options([textOption(OPTION.comment, comment), application])]);
}

function interfaceBlock(card: PcapngFile['cards'][number]): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(card.linkType ?? LINK.ethernet, 0);
  fixed.writeUInt32LE(card.snapLength ?? 0, 4);
  const mac = card.mac ? option(OPTION.mac, Buffer.from(card.mac.replaceAll(':', ''), 'hex')) : undefined;
  const all = [
    textOption(OPTION.comment, card.comment),
    textOption(OPTION.name, card.name),
    textOption(OPTION.description, card.description),
    mac,
    option(OPTION.resolution, Buffer.from([NANOSECONDS])),
    textOption(OPTION.hardware, card.hardware),
  ];
  return block(BLOCK.interface, [fixed, ...options(all)]);
}

function nameBlock(names: ReadonlyMap<string, string>): Buffer {
  const records = [...names].map(([address, name]) => {
    const [type, bytes] = recordOf(address);
    return option(type, Buffer.concat([Buffer.from(bytes), Buffer.from(`${name}\0`)]));
  });
  return block(BLOCK.nameResolution, [...records, END]);
}

/** A decryption secrets block stands before the frames that it is for. */
function secretsBlock(keys: readonly string[]): Buffer {
  const lines = Buffer.from(keys.map((line) => `${line}\n`).join(''));
  const fixed = Buffer.alloc(8 + padded(lines.length));
  fixed.writeUInt32LE(TLS_KEYS, 0);
  fixed.writeUInt32LE(lines.length, 4);
  fixed.set(lines, 8);
  return block(BLOCK.secrets, [fixed]);
}

function recordOf(address: string): [type: number, bytes: readonly number[] | Uint8Array] {
  if (!ipaddr.isValid(address)) return [NAME.eui48, macBytes(address)];
  const bytes = ipaddr.parse(address).toByteArray();
  return [bytes.length === 4 ? NAME.ipv4 : NAME.ipv6, bytes];
}

function statistics({ card, received, dropped, seconds, nanoseconds }: Counts): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt32LE(card, 0);
  writeStamp(fixed, 4, seconds, nanoseconds);
  const counts = [option(OPTION.received, uint64(received)), option(OPTION.dropped, uint64(dropped))];
  return block(BLOCK.statistics, [fixed, ...options(counts)]);
}

function writeFrames(frames: readonly Captured[]): Uint8Array {
  const extras = frames.map(packetOptions);
  const size = frames.reduce((sum, frame, index) => sum + blockSize(frame, extras[index]!), 0);
  const out = Buffer.alloc(size);
  let at = 0;
  for (const [index, frame] of frames.entries()) at = writeFrame(out, at, frame, extras[index]!);
  return out;
}

function blockSize({ bytes }: Captured, extra: Buffer): number {
  return BEFORE + PACKET_HEADER + padded(bytes.length) + extra.length + AFTER;
}

/** Returns where the next block begins. */
function writeFrame(out: Buffer, at: number, frame: Captured, extra: Buffer): number {
  const size = blockSize(frame, extra);
  const body = at + BEFORE;
  out.writeUInt32LE(BLOCK.enhancedPacket, at);
  out.writeUInt32LE(size, at + 4);
  out.writeUInt32LE(frame.card, body);
  writeStamp(out, body + 4, frame.seconds, frame.nanoseconds);
  out.writeUInt32LE(frame.bytes.length, body + 12);
  out.writeUInt32LE(frame.length, body + 16);
  out.set(frame.bytes, body + PACKET_HEADER);
  out.set(extra, body + PACKET_HEADER + padded(frame.bytes.length));
  out.writeUInt32LE(size, at + size - AFTER);
  return at + size;
}

/** Upper half, then lower half, of nanoseconds since 1970. */
function writeStamp(out: Buffer, at: number, seconds: number, nanoseconds: number): void {
  const all = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  out.writeUInt32LE(Number(all >> 32n), at);
  out.writeUInt32LE(Number(all & 0xffffffffn), at + 4);
}

const NONE = Buffer.alloc(0);

function packetOptions({ way, comment }: Captured): Buffer {
  if (way === undefined && comment === undefined) return NONE;
  const flags = way && option(OPTION.flags, Buffer.from([way === 'in' ? 1 : 2, 0, 0, 0]));
  return Buffer.concat(options([textOption(OPTION.comment, comment), flags]));
}

const END = Buffer.alloc(4);

/** The options that are defined, and the mark of their end. */
function options(all: readonly (Buffer | undefined)[]): Buffer[] {
  return [...all.filter((one) => one !== undefined), END];
}

function textOption(code: number, value: string | undefined): Buffer | undefined {
  return value === undefined ? undefined : option(code, Buffer.from(value));
}

function option(code: number, value: Uint8Array): Buffer {
  const out = Buffer.alloc(4 + padded(value.length));
  out.writeUInt16LE(code, 0);
  out.writeUInt16LE(value.length, 2);
  out.set(value, 4);
  return out;
}

function uint64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

function block(type: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const out = Buffer.alloc(BEFORE + body.length + AFTER);
  out.writeUInt32LE(type, 0);
  out.writeUInt32LE(out.length, 4);
  out.set(body, BEFORE);
  out.writeUInt32LE(out.length, BEFORE + body.length);
  return out;
}

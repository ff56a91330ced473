/**
 * Reads pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each section in its own byte order and with its own
 * interfaces. Unknown blocks are skipped. pcapng-writer.ts writes.
 */
import ipaddr from 'ipaddr.js';
import type { Captured } from '../frame.ts';
import { LINK } from '../link-types.ts';
import { type Clock, clock } from '../stamp.ts';
import { type CaptureCard, damaged, type Format, type Window } from './capture-format.ts';
import { LONGEST_FRAME } from './pcap.ts';
import {
  AFTER,
  BEFORE,
  BLOCK,
  BYTE_ORDER,
  eachOption,
  NAME,
  OPTION,
  PACKET_HEADER,
  padded,
} from './pcapng-blocks.ts';

/** The magic of a section header lies behind its length. */
const HEAD = 12;
const SMALLEST_BLOCK = BEFORE + AFTER;
/** No program writes a longer block. */
const LONGEST_BLOCK = 16 * 1024 * 1024;
const MICROSECONDS = 6;

/** An interface with the clock of its time stamps. */
interface Interface {
  readonly card: CaptureCard;
  /** Its place among the interfaces of the whole file, from 0. */
  readonly index: number;
  readonly clock: Clock;
}

/** The facts of the blocks read so far that later blocks need. */
interface Reading {
  readonly cards: CaptureCard[];
  readonly names: Map<string, string>;
  little: boolean;
  /** The interfaces of the section. */
  interfaces: Interface[];
}

export function isPcapng({ view }: Window): boolean {
  return view.getUint32(0) === BLOCK.section;
}

export function pcapngFormat(): Format {
  const reading: Reading = { cards: [], names: new Map(), little: true, interfaces: [] };
  return {
    name: 'pcapng',
    cards: reading.cards,
    names: reading.names,
    head: () => HEAD,
    size: (window, at) => sizeOf(reading, window, at),
    read(window, at, frames) {
      const { view } = window;
      const type = view.getUint32(at, reading.little);
      const size = view.getUint32(at + 4, reading.little);
      if (view.getUint32(at + size - AFTER, reading.little) !== size) {
        throw damaged(window.base + at + size - AFTER, `a block of ${size} bytes ends with another length`);
      }
      const block = { window, at, body: at + BEFORE, end: at + size - AFTER };
      if (type === BLOCK.enhancedPacket || type === BLOCK.packet) readPacket(reading, block, type, frames);
      else readRare(reading, block, type, frames);
    },
  };
}

/** The place of a block in the window: the block begins at `at`, its body goes from `body` to `end`. */
interface Block {
  window: Window;
  at: number;
  body: number;
  end: number;
}

function sizeOf(reading: Reading, { view, base }: Window, at: number): number {
  if (view.getUint32(at) === BLOCK.section) reading.little = isLittle(view, base, at);
  const size = view.getUint32(at + 4, reading.little);
  if (size < SMALLEST_BLOCK || size % 4 !== 0 || size > LONGEST_BLOCK) {
    throw damaged(base + at + 4, `a block of ${size} bytes`);
  }
  return size;
}

function isLittle(view: DataView, base: number, at: number): boolean {
  const magic = view.getUint32(at + BEFORE);
  if (magic === BYTE_ORDER) return false;
  if (view.getUint32(at + BEFORE, true) === BYTE_ORDER) return true;
  throw damaged(base + at + BEFORE, `no byte order is 0x${magic.toString(16)}`);
}

function readRare(reading: Reading, block: Block, type: number, frames: Captured[]): void {
  switch (type) {
    case BLOCK.section:
      readSection(reading, block);
      break;
    case BLOCK.interface:
      readInterface(reading, block);
      break;
    case BLOCK.simplePacket:
      readSimplePacket(reading, block, frames);
      break;
    case BLOCK.nameResolution:
      readNames(reading, block);
      break;
    case BLOCK.statistics:
      readStatistics(reading, block);
      break;
  }
}

function readSection(reading: Reading, block: Block): void {
  const { view, base } = block.window;
  mustHold(block, 16);
  const major = view.getUint16(block.body + 4, reading.little);
  if (major !== 1) throw damaged(base + block.body + 4, `version ${major} of pcapng, only 1 is known`);
  reading.interfaces = [];
}

function readInterface(reading: Reading, block: Block): void {
  const { window, body, end } = block;
  const { view } = window;
  mustHold(block, 8);
  const card: CaptureCard = {
    linkType: view.getUint16(body, reading.little),
    snapLength: view.getUint32(body + 4, reading.little),
  };
  let resolution = MICROSECONDS;
  let offset = 0;
  eachOption(window, body + 8, end, reading.little, (code, start, length) => {
    if (code === OPTION.name) card.name = text(window, start, length);
    else if (code === OPTION.description) card.description = text(window, start, length);
    else if (code === OPTION.hardware) card.hardware = text(window, start, length);
    else if (code === OPTION.comment) card.comment = text(window, start, length);
    else if (code === OPTION.mac && length === 6)
      card.mac = mac(window.bytes.subarray(start, start + length));
    else if (code === OPTION.resolution && length === 1) resolution = view.getUint8(start);
    else if (code === OPTION.timeOffset && length === 8)
      offset = Number(view.getBigInt64(start, reading.little));
  });
  reading.interfaces.push({ card, index: reading.cards.length, clock: clock(resolution, offset) });
  reading.cards.push(card);
}

/** Reads an enhanced packet block, or an obsolete packet block, which has the interface in another form. */
function readPacket(reading: Reading, block: Block, type: number, frames: Captured[]): void {
  const { window, body, end } = block;
  const { view, bytes } = window;
  const { little } = reading;
  mustHold(block, PACKET_HEADER);
  const id = type === BLOCK.packet ? view.getUint16(body, little) : view.getUint32(body, little);
  const { clock, index, card } = interfaceOf(reading, block, id);
  const start = body + PACKET_HEADER;
  const kept = keptBytes(block, start, view.getUint32(body + 12, little));
  clock.read(view.getUint32(body + 4, little), view.getUint32(body + 8, little));
  const frame: Captured = {
    seconds: clock.seconds,
    nanoseconds: clock.nanoseconds,
    bytes: bytes.subarray(start, start + kept),
    length: view.getUint32(body + 16, little),
    card: index,
  };
  if (card.linkType !== LINK.ethernet) frame.linkType = card.linkType;
  const options = start + padded(kept);
  if (options < end) readPacketOptions(frame, window, options, end, little);
  frames.push(frame);
}

function readPacketOptions(
  frame: Captured,
  window: Window,
  from: number,
  end: number,
  little: boolean,
): void {
  eachOption(window, from, end, little, (code, start, length) => {
    if (code === OPTION.comment) frame.comment = text(window, start, length);
    else if (code === OPTION.flags && length === 4) {
      const direction = window.view.getUint32(start, little) & 3;
      if (direction === 1) frame.way = 'in';
      if (direction === 2) frame.way = 'out';
    }
  });
}

/** A simple packet block: it has no time, and belongs to the section's first interface. */
function readSimplePacket(reading: Reading, block: Block, frames: Captured[]): void {
  const { view, bytes } = block.window;
  mustHold(block, 4);
  const { card, index } = interfaceOf(reading, block, 0);
  const length = view.getUint32(block.body, reading.little);
  const start = block.body + 4;
  const kept = keptBytes(block, start, card.snapLength === 0 ? length : Math.min(length, card.snapLength));
  const frame: Captured = {
    seconds: 0,
    nanoseconds: 0,
    bytes: bytes.subarray(start, start + kept),
    length,
    card: index,
  };
  if (card.linkType !== LINK.ethernet) frame.linkType = card.linkType;
  frames.push(frame);
}

function interfaceOf(reading: Reading, { window, body }: Block, id: number): Interface {
  const found = reading.interfaces[id];
  if (!found) {
    const known = reading.interfaces.length;
    throw damaged(window.base + body, `a frame of interface ${id}, the section has described ${known}`);
  }
  return found;
}

function keptBytes({ window, body, end }: Block, start: number, kept: number): number {
  if (kept > LONGEST_FRAME || start + kept > end) {
    throw damaged(window.base + body, `a frame of ${kept} bytes in a block of ${end - body}`);
  }
  return kept;
}

/** The bytes of the address in a record. */
const NAMED: ReadonlyMap<number, number> = new Map([
  [NAME.ipv4, 4],
  [NAME.ipv6, 16],
  [NAME.eui48, 6],
]);

/** Records of an address and its names, each ended by a zero byte; the first is taken. */
function readNames(reading: Reading, { window, body, end }: Block): void {
  eachOption(window, body, end, reading.little, (type, start, length) => {
    const size = NAMED.get(type);
    if (size === undefined || length <= size) return;
    const bytes = window.bytes.subarray(start, start + size);
    const address = type === NAME.eui48 ? mac(bytes) : ipaddr.fromByteArray([...bytes]).toString();
    const [name] = text(window, start + size, length - size).split('\0');
    if (name) reading.names.set(address, name);
  });
}

function readStatistics(reading: Reading, block: Block): void {
  const { window, body, end } = block;
  const { view } = window;
  mustHold(block, 12);
  const card = reading.interfaces[view.getUint32(body, reading.little)]?.card;
  if (!card) return;
  eachOption(window, body + 12, end, reading.little, (code, start, length) => {
    if (length !== 8) return;
    if (code === OPTION.received) card.received = Number(view.getBigUint64(start, reading.little));
    if (code === OPTION.dropped) card.dropped = Number(view.getBigUint64(start, reading.little));
  });
}

function mustHold({ window, at, body, end }: Block, size: number): void {
  if (end - body >= size) return;
  throw damaged(window.base + at, `a block's body of ${end - body} bytes, ${size} at least are needed`);
}

function text({ bytes }: Window, start: number, length: number): string {
  return Buffer.from(bytes.subarray(start, start + length)).toString();
}

function mac(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

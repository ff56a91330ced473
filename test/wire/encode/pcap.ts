/** Frames to the bytes of a pcap file; lab/wire/files/pcap.ts reads them. */
import type { CaptureWriter } from '../../../lab/wire/files/capture-format.ts';
import { FILE_HEADER, LONGEST_FRAME, NANOSECONDS, RECORD_HEADER } from '../../../lab/wire/files/pcap.ts';
import type { Captured } from '../../../lab/wire/frame.ts';
import { LINK } from '../../../lab/wire/link-types.ts';

/** A pcap file of Ethernet frames, with nanoseconds, in the byte order of most machines: little endian. */
export function pcapWriter(): CaptureWriter {
  const head = Buffer.alloc(FILE_HEADER);
  head.writeUInt32LE(NANOSECONDS, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(LONGEST_FRAME, 16);
  head.writeUInt32LE(LINK.ethernet, 20);
  return { head, frames: writeRecords, end: () => new Uint8Array(0) };
}

function writeRecords(frames: readonly Captured[]): Uint8Array {
  const size = frames.reduce((sum, { bytes }) => sum + RECORD_HEADER + bytes.length, 0);
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { seconds, nanoseconds, bytes, length } of frames) {
    out.writeUInt32LE(seconds, at);
    out.writeUInt32LE(nanoseconds, at + 4);
    out.writeUInt32LE(bytes.length, at + 8);
    out.writeUInt32LE(length, at + 12);
    out.set(bytes, at + RECORD_HEADER);
    at += RECORD_HEADER + bytes.length;
  }
  return out;
}

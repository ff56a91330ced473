/**
 * pcap, the older format (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of a header of 16 bytes and
 * the frame. The magic tells the byte order, and whether the fraction of a second is micro- or nanoseconds.
 */

import type { Captured } from '../frame.ts';
import { LINK } from '../link-types.ts';
import { type CaptureCard, damaged, type Format, type Window } from './capture-format.ts';

export const FILE_HEADER = 24;
export const RECORD_HEADER = 16;
const MICROSECONDS = 0xa1b2c3d4;
export const NANOSECONDS = 0xa1b23c4d;
/** No program captures more bytes of a frame: a greater length means damage. */
export const LONGEST_FRAME = 262_144;

export function isPcap({ view }: Window): boolean {
  return [true, false].some((little) => [MICROSECONDS, NANOSECONDS].includes(view.getUint32(0, little)));
}

export function pcapFormat(): Format {
  const cards: CaptureCard[] = [];
  let little = true;
  let nanoseconds = 1;
  let linkType: number = LINK.ethernet;

  function readHeader({ view, base }: Window, at: number): void {
    little = [MICROSECONDS, NANOSECONDS].includes(view.getUint32(at, true));
    nanoseconds = view.getUint32(at, little) === MICROSECONDS ? 1000 : 1;
    const major = view.getUint16(at + 4, little);
    if (major !== 2) throw damaged(base + at + 4, `version ${major} of pcap, only 2 is known`);
    // The upper half is about a frame check sequence.
    linkType = view.getUint32(at + 20, little) & 0xffff;
    cards.push({ linkType, snapLength: view.getUint32(at + 16, little) });
  }

  return {
    name: 'pcap',
    cards,
    names: new Map(),
    head: () => (cards.length === 0 ? FILE_HEADER : RECORD_HEADER),
    size({ view, base }, at) {
      if (cards.length === 0) return FILE_HEADER;
      const kept = view.getUint32(at + 8, little);
      if (kept > LONGEST_FRAME) throw damaged(base + at + 8, `a frame of ${kept} bytes`);
      return RECORD_HEADER + kept;
    },
    read(window, at, frames) {
      if (cards.length === 0) {
        readHeader(window, at);
        return;
      }
      const { view, bytes, base } = window;
      const fraction = view.getUint32(at + 4, little) * nanoseconds;
      if (fraction >= 1e9) throw damaged(base + at + 4, `${fraction} nanoseconds within a second`);
      const start = at + RECORD_HEADER;
      const frame: Captured = {
        seconds: view.getUint32(at, little),
        nanoseconds: fraction,
        bytes: bytes.subarray(start, start + view.getUint32(at + 8, little)),
        length: view.getUint32(at + 12, little),
        card: 0,
      };
      if (linkType !== LINK.ethernet) frame.linkType = linkType;
      frames.push(frame);
    },
  };
}

/** Radiotap (LINKTYPE_IEEE802_11_RADIOTAP): little endian, with its length. Only the flags of its fields are read. */
import type { Header } from '../header.ts';
import { broken, short, type Trouble } from '../trouble.ts';

/** The header with which a radio describes the 802.11 frame after it. */
export interface Radiotap extends Header {
  readonly kind: 'radiotap';
  /** A frame check sequence of four bytes ends the frame. */
  readonly fcs: boolean;
  /** The 802.11 header is padded to a multiple of four bytes. */
  readonly padded: boolean;
}

const SMALLEST = 8;
/** Bits of a word of presence: the first are for the clock and the flags; the last says that another word follows. */
const TSFT = 1;
const FLAGS = 2;
const MORE = 0x80;
/** Bits of the flags. */
const DATA_PAD = 0x20;
const FCS = 0x10;

export function openRadiotap(bytes: Uint8Array, start: number, end: number): Radiotap | Trouble {
  if (end - start < SMALLEST) return short('radiotap', start, SMALLEST, end);
  const length = bytes[start + 2]! | (bytes[start + 3]! << 8);
  if (length < SMALLEST) {
    return broken('radiotap', start + 2, `a header of at least ${SMALLEST} bytes: it says ${length}`);
  }
  if (end - start < length) return short('radiotap', start, length, end);
  const flags = flagsOf(bytes, start, length);
  return {
    kind: 'radiotap',
    start,
    end: start + length,
    fcs: (flags & FCS) !== 0,
    padded: (flags & DATA_PAD) !== 0,
  };
}

/** The flags; 0 where there are none. */
function flagsOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start + 4]!;
  let fields = 8;
  for (let word = 4; (bytes[start + word + 3]! & MORE) !== 0 && fields + 4 <= length; word += 4) fields += 4;
  // The clock lies at a multiple of eight bytes from the header's beginning.
  const at = first & TSFT ? Math.ceil(fields / 8) * 8 + 8 : fields;
  return first & FLAGS && at < length ? bytes[start + at]! : 0;
}

/**
 * Capture files, pcap and pcapng alike, read as they come: `readCapture` from a stream, `captureReader` from chunks
 * that somebody pushes (a live tcpdump). It needs memory for a chunk and the longest record, at any length of the
 * capture. Frames are views into the chunks: nobody may write to a chunk afterwards.
 */
import { LabError } from '../../errors.ts';
import type { Captured } from '../frame.ts';
import type { CaptureCard, Format, Window } from './capture-format.ts';
import { unpacked } from './packed.ts';
import { isPcap, pcapFormat } from './pcap.ts';
import { isPcapng, pcapngFormat } from './pcapng.ts';

export interface Capture {
  readonly format: 'pcap' | 'pcapng' | undefined;
  /** The cards described so far; the list grows. */
  readonly cards: readonly CaptureCard[];
  /** Names of addresses that the file carries (pcapng): literal address, or MAC → name. */
  readonly names: ReadonlyMap<string, string>;
}

export interface CaptureReader extends Capture {
  /** Returns the frames that are complete now. Never throws: see `trouble`. */
  push(chunk: Uint8Array): Captured[];
  /** The end of the bytes: sets `trouble` where the last record is cut off. */
  end(): void;
  /** The error that stopped the reading, code `capture`, with the offset in the file. */
  readonly trouble: LabError | undefined;
}

const MAGIC = 4;

export function captureReader(): CaptureReader {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let needed = MAGIC;
  let base = 0;
  let format: Format | undefined;
  let trouble: LabError | undefined;

  function take(frames: Captured[]): void {
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held);
    const window = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), base };
    let at = 0;
    try {
      format ??= formatOf(window);
      at = readRecords(format, window, frames, (size) => {
        needed = size;
      });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      trouble = error;
    }
    const rest = bytes.subarray(at);
    chunks = rest.length > 0 && !trouble ? [rest] : [];
    held = rest.length;
    base += at;
  }

  return {
    get format() {
      return format?.name;
    },
    get cards() {
      return format?.cards ?? [];
    },
    get names() {
      return format?.names ?? new Map();
    },
    get trouble() {
      return trouble;
    },
    push(chunk) {
      const frames: Captured[] = [];
      if (trouble || chunk.length === 0) return frames;
      chunks.push(chunk);
      held += chunk.length;
      if (held >= needed) take(frames);
      return frames;
    },
    end() {
      if (!trouble && (held > 0 || !format)) trouble = cutOff(base, held, needed);
    },
  };
}

/** Reads the complete records, and says how many bytes the next one needs. Returns where the next one begins. */
function readRecords(
  format: Format,
  window: Window,
  frames: Captured[],
  need: (size: number) => void,
): number {
  const end = window.bytes.length;
  let at = 0;
  while (true) {
    const head = format.head();
    const size = end - at < head ? head : format.size(window, at);
    if (end - at < size) {
      need(size);
      return at;
    }
    format.read(window, at, frames);
    at += size;
  }
}

function formatOf(window: Window): Format {
  if (isPcapng(window)) return pcapngFormat();
  if (isPcap(window)) return pcapFormat();
  const found = Buffer.from(window.bytes.subarray(0, MAGIC)).toString('hex');
  const other = OTHERS.find(([bytes]) => bytes.startsWith(found) || found.startsWith(bytes));
  if (other) throw new LabError('capture', `this is not a capture file: ${other[1]}`, { hint: other[2] });
  throw new LabError(
    'capture',
    `this is not a capture file: it begins with ${found}, and neither pcap nor pcapng begins so`,
    {
      hint: 'give a pcap or pcapng file, as it is or packed with gzip: tcpdump, Wireshark and lanlab write them',
    },
  );
}

function cutOff(base: number, held: number, needed: number): LabError {
  if (base === 0 && held === 0) {
    return new LabError('capture', 'this is not a capture file: it is empty', {
      hint: 'let the capturing program run until it has written something, or name another file',
    });
  }
  const there = `at byte ${base} begins a record of at least ${needed} bytes, ${held} are there`;
  return new LabError('capture', `the capture is cut off: ${there}`, {
    hint: 'let the capturing program end by itself; the frames before that byte can be read',
  });
}

export interface CaptureStream extends Capture, AsyncIterable<Captured[]> {}

/** Other files that people give, by their first bytes. */
const OTHERS: readonly (readonly [bytes: string, what: string, hint: string])[] = [
  ['28b52ffd', 'it is packed with zstd', 'unpack it first: unzstd FILE'],
  ['04224d18', 'it is packed with lz4', 'unpack it first: unlz4 FILE'],
  ['fd377a58', 'it is packed with xz', 'unpack it first: unxz FILE'],
  ['425a68', 'it is packed with bzip2', 'unpack it first: bunzip2 FILE'],
  ['504b0304', 'it is a ZIP archive', 'unpack it first: unzip FILE'],
  ['736e6f6f70', 'it is a snoop file', 'convert it with Wireshark: editcap -F pcapng FILE NEW'],
  ['a1b2cd34', 'it is an unusual kind of pcap', 'convert it with Wireshark: editcap -F pcapng FILE NEW'],
  ['34cdb2a1', 'it is an unusual kind of pcap', 'convert it with Wireshark: editcap -F pcapng FILE NEW'],
];

/**
 * The frames of a capture in batches, one for each chunk of the source that completes any. Throws LabError `capture`
 * after the last frame that could be read where the file is damaged or cut off. A file packed with gzip is unpacked.
 */
export function readCapture(source: AsyncIterable<Uint8Array>): CaptureStream {
  const reader = captureReader();
  async function* batches() {
    for await (const chunk of unpacked(source)) {
      const frames = reader.push(chunk);
      if (frames.length > 0) yield frames;
      if (reader.trouble) break;
    }
    reader.end();
    if (reader.trouble) throw reader.trouble;
  }
  return {
    get format() {
      return reader.format;
    },
    get cards() {
      return reader.cards;
    },
    get names() {
      return reader.names;
    },
    [Symbol.asyncIterator]: batches,
  };
}

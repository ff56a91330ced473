/** Reads a capture file for a ladder: keeps frames up to a limit of frames and bytes, and counts the rest. */
import { createReadStream } from 'node:fs';
import { LabError } from '../errors.ts';
import { readCapture } from '../wire/files/capture-file.ts';
import type { Captured } from '../wire/frame.ts';
import type { CaptureContent } from '../wire/ladder/file.ts';
import { MOST_FRAMES } from './most-frames.ts';

export interface CaptureRead {
  content: CaptureContent;
  /** Frames that were not kept. */
  more: number;
  /** Why the rest could not be read, where some could. */
  trouble?: LabError;
}

/** The bytes of all kept frames. Frames are views into the bytes that were read, so they hold this memory. */
const MOST_BYTES = 256 * 1024 ** 2;

/** `-` is standard input. Throws LabError `capture` where no frame can be read of it, `usage` where no byte can. */
export async function readCaptureFile(file: string): Promise<CaptureRead> {
  const capture = readCapture(file === '-' ? process.stdin : createReadStream(file));
  const frames: Captured[] = [];
  let bytes = 0;
  let more = 0;
  const result = () => ({ content: { frames, cards: capture.cards, names: capture.names }, more });
  try {
    for await (const batch of capture) {
      for (const frame of batch) {
        if (more > 0 || frames.length >= MOST_FRAMES || bytes + frame.bytes.length > MOST_BYTES) more += 1;
        else {
          frames.push(frame);
          bytes += frame.bytes.length;
        }
      }
    }
    return result();
  } catch (error) {
    if (error instanceof LabError && frames.length > 0) return { ...result(), trouble: error };
    throw error instanceof LabError ? error : unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): LabError {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
  };
  return new LabError('usage', `${file} cannot be read: ${(code && known[code]) ?? message}`, {
    hint: 'name a capture: a file of tcpdump, Wireshark or lanlab capture -w',
    cause: error,
  });
}

/**
 * Messages over a byte stream: four bytes of length (big endian), then so many bytes. Sending waits while the
 * stream is full, so neither side can make the other's memory grow.
 */
import type { Duplex } from 'node:stream';

const HEADER = 4;
/** A call carries at most 64 MiB of a scenario's bytes, and a little around them. */
export const LONGEST = 80 * 1024 * 1024;

/** Throws RangeError for a message that the other side would refuse. */
export function refuseLong(message: Uint8Array): void {
  if (message.length > LONGEST)
    throw new RangeError(`a message of ${message.length} bytes: ${LONGEST} at most go in one call`);
}

export function encodeFrame(message: Uint8Array): Buffer {
  refuseLong(message);
  const frame = Buffer.allocUnsafe(HEADER + message.length);
  frame.writeUInt32BE(message.length, 0);
  frame.set(message, HEADER);
  return frame;
}

/** Takes chunks as they come and gives whole messages. Throws RangeError on a length that no sender of ours writes. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  *push(chunk: Buffer): Generator<Buffer> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let message = this.#next(); message; message = this.#next()) yield message;
  }

  #next(): Buffer | undefined {
    if (this.#size < HEADER) return undefined;
    const length = this.#gather(HEADER).readUInt32BE(0);
    if (length > LONGEST) throw new RangeError(`a message of ${length} bytes: this is not an agent's stream`);
    if (this.#size < HEADER + length) return undefined;
    const whole = this.#gather(HEADER + length);
    const rest = whole.subarray(HEADER + length);
    this.#chunks = rest.length > 0 ? [rest, ...this.#chunks.slice(1)] : this.#chunks.slice(1);
    this.#size -= HEADER + length;
    return whole.subarray(HEADER, HEADER + length);
  }

  /** Joins just enough chunks that the first holds so many bytes. */
  #gather(bytes: number): Buffer {
    let held = 0;
    let count = 0;
    while (held < bytes) held += this.#chunks[count++]!.length;
    if (count > 1) this.#chunks.splice(0, count, Buffer.concat(this.#chunks.slice(0, count), held));
    return this.#chunks[0]!;
  }
}

/**
 * Sends messages one after the other, waiting for the stream to drain. A send resolves when there is room again, or when
 * nobody is there any more. It rejects only for a message that is too long.
 */
export function frameSender(stream: Duplex): (message: Uint8Array) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return async (message) => {
    const frame = encodeFrame(message);
    last = last.then(async () => {
      if (!stream.writable || stream.write(frame)) return;
      await room(stream);
    });
    await last;
  };
}

const ROOM = ['drain', 'error', 'close'] as const;

function room(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ROOM) stream.off(event, done);
      resolve();
    };
    for (const event of ROOM) stream.on(event, done);
  });
}

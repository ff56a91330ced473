/**
 * Messages over a byte stream: four bytes of length (big endian), then so many bytes. Sending waits while the
 * stream is full, so neither side can make the other's memory grow.
 */
import { once } from 'node:events';
import type { Duplex } from 'node:stream';

const HEADER = 4;
/** A call carries at most 64 MiB of a scenario's bytes, and a little around them. */
const LONGEST = 80 * 1024 * 1024;

export function encodeFrame(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + message.length);
  frame.writeUInt32BE(message.length, 0);
  frame.set(message, HEADER);
  return frame;
}

/** Takes chunks as they come and gives whole messages. Throws on a length that no sender of ours writes. */
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

/** Sends messages one after the other, waiting for the stream to drain. */
export function frameSender(stream: Duplex): (message: Uint8Array) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return async (message) => {
    last = last.then(async () => {
      if (stream.destroyed) return;
      if (!stream.write(encodeFrame(message)))
        await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    });
    await last;
  };
}

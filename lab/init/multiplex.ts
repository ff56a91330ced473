/**
 * Many byte streams over one: each message has the number of its stream. Writing waits while the one stream is full. Bytes
 * that come are handed on at once, since every stream carries calls, and their answers were asked for.
 */
import { Duplex } from 'node:stream';
import { FrameReader, frameSender } from '../agent/framing.ts';

/** Bytes of the number before a piece. */
const NUMBER = 4;

export class Multiplexer {
  readonly #send: (message: Uint8Array) => Promise<void>;
  readonly #open = new Map<number, Duplex>();
  /** Streams that are closed on this side. Bytes that still come for them are dropped. */
  readonly #closed = new Set<number>();
  #over = false;

  /** When the one stream ends, all end. With `by end()` the caller ends them instead, with the reason. */
  constructor(stream: Duplex, ends: 'with the stream' | 'by end()' = 'with the stream') {
    this.#send = frameSender(stream);
    const reader = new FrameReader();
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.push(chunk)) this.#take(message);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
    const over = () => {
      if (ends === 'with the stream') this.end();
    };
    stream.once('end', over).once('close', over).on('error', over);
  }

  /** The stream of a number: the same one at each call. */
  channel(number: number): Duplex {
    const found = this.#open.get(number);
    if (found) return found;
    const channel = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        const message = Buffer.allocUnsafe(NUMBER + chunk.length);
        message.writeUInt32BE(number, 0);
        message.set(chunk, NUMBER);
        this.#send(message).then(() => done(), done);
      },
    });
    channel.on('error', () => {}); // The reader gets the error.
    this.#open.set(number, channel);
    if (this.#over) channel.push(null);
    return channel;
  }

  /** Ends one stream on this side, with the reason where there is one. */
  close(number: number, error?: Error): void {
    const channel = this.#open.get(number);
    this.#open.delete(number);
    this.#closed.add(number);
    if (error) channel?.destroy(error);
    else channel?.push(null);
  }

  /** Ends all of them on this side. */
  end(error?: Error): void {
    this.#over = true;
    for (const number of [...this.#open.keys()]) this.close(number, error);
  }

  #take(message: Buffer): void {
    const number = message.readUInt32BE(0);
    if (!this.#closed.has(number)) this.channel(number).push(message.subarray(NUMBER));
  }
}

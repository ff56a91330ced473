/**
 * Many byte streams over one: each message says which it is of. Writing waits while the one stream is full, so no
 * side can make the other's memory grow.
 */
import { Duplex } from 'node:stream';
import { FrameReader, frameSender } from '../agent/framing.ts';

/** Bytes of the number before a piece. */
const NUMBER = 4;

export class Multiplexer {
  readonly #send: (message: Uint8Array) => Promise<void>;
  readonly #open = new Map<number, Duplex>();
  #over = false;

  /** `opened` is told of a stream that the other side was first to write to. */
  constructor(stream: Duplex, opened: (number: number, channel: Duplex) => void = () => {}) {
    this.#send = frameSender(stream);
    const reader = new FrameReader();
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.push(chunk)) this.#take(message, opened);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
    const over = () => this.end();
    stream.once('end', over).once('close', over).on('error', over);
  }

  /** The same one for the same number. */
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
    channel.on('error', () => {}); // Told to whoever reads it.
    this.#open.set(number, channel);
    if (this.#over) channel.push(null);
    return channel;
  }

  /** Ends one stream on this side, with the reason where there is one. */
  close(number: number, error?: Error): void {
    const channel = this.#open.get(number);
    this.#open.delete(number);
    if (error) channel?.destroy(error);
    else channel?.push(null);
  }

  /** Ends all of them on this side. */
  end(error?: Error): void {
    this.#over = true;
    for (const number of [...this.#open.keys()]) this.close(number, error);
  }

  #take(message: Buffer, opened: (number: number, channel: Duplex) => void): void {
    const number = message.readUInt32BE(0);
    const known = this.#open.has(number);
    const channel = this.channel(number);
    if (!known) opened(number, channel);
    channel.push(message.subarray(NUMBER));
  }
}

/** A byte stream between two threads: a piece is acknowledged when the other side has room for the next. */
import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

type Message = { bytes: Uint8Array } | { taken: true } | { end: true };

export function portStream(port: MessagePort): Duplex {
  const waiting: (() => void)[] = [];
  let owed = 0;
  const stream = new Duplex({
    read: () => {
      for (; owed > 0; owed--) port.postMessage({ taken: true } satisfies Message);
    },
    write: (chunk: Buffer, _encoding, done) => {
      waiting.push(done);
      port.postMessage({ bytes: chunk } satisfies Message);
    },
    final: (done) => {
      port.postMessage({ end: true } satisfies Message);
      done();
    },
    destroy: (error, done) => {
      port.close();
      done(error);
    },
  });
  port.on('message', (message: Message) => {
    if ('taken' in message) waiting.shift()?.();
    else if ('end' in message) stream.push(null);
    else {
      owed += 1;
      stream.push(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength));
    }
  });
  port.once('close', () => stream.destroy());
  return stream;
}

/** A container's standard streams, over one connection taken over from HTTP. */
import { Duplex, PassThrough } from 'node:stream';
import type Docker from 'dockerode';

/** The channels of the engine's multiplexed stream. */
const STDERR = 2;
const HEADER = 8;

/**
 * Attaches to a container, best before it starts, so that no byte is missed. The connection ends when the
 * container ends. When we end our side, the container's standard input is closed.
 */
export async function attach(container: Docker.Container, stdin: boolean): Promise<Duplex> {
  const socket = await container.attach({ stream: true, stdin, stdout: true, stderr: true, hijack: true });
  // Taken over, it is the connection's own socket, not HTTP's request and response.
  return socket as unknown as Duplex;
}

/**
 * Takes the multiplexed stream apart: frames of [channel, 0, 0, 0, length in 32 bits] and so many bytes, cut
 * anywhere by the transport. Bytes are handed on as they come, none are held.
 */
export function demultiplexer(hand: (channel: number, bytes: Buffer) => void): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER);
  let have = 0;
  let left = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        const taken = chunk.copy(header, have, at, at + HEADER - have);
        at += taken;
        have = (have + taken) % HEADER;
        if (have === 0) left = header.readUInt32BE(4);
        continue;
      }
      const bytes = chunk.subarray(at, at + left);
      at += bytes.length;
      left -= bytes.length;
      hand(header[0] ?? 0, bytes);
    }
  };
}

/** Both outputs of a container, each a stream of its own. They end with it, also when the connection breaks. */
export function outputs(socket: Duplex): { stdout: PassThrough; stderr: PassThrough } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const take = demultiplexer((channel, bytes) => (channel === STDERR ? stderr : stdout).write(bytes));
  const end = () => {
    stdout.end();
    stderr.end();
  };
  socket.on('data', take).once('end', end).once('close', end).on('error', end);
  return { stdout, stderr };
}

export interface StandardStreamsOptions {
  stderr(bytes: Buffer): void;
  /** Goes before the first byte that is written, and with it. */
  before?: Uint8Array;
  /** The error with which the stream breaks when the container ends before our side of it has. */
  ended(): Error | Promise<Error>;
}

/** Standard input and output as one stream: reads give output, writes go to input, both at the slower's pace. */
export function standardStreams(socket: Duplex, options: StandardStreamsOptions): Duplex {
  let room = true;
  let before = options.before;
  const write = (chunk: Buffer, done: (error?: Error | null) => void) => {
    const bytes = before ? Buffer.concat([before, chunk]) : chunk;
    before = undefined;
    socket.write(bytes, (error) => (error ? void Promise.resolve(options.ended()).then(done) : done()));
  };
  const stream = new Duplex({
    read: () => {
      room = true;
      socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  const take = demultiplexer((channel, bytes) => {
    if (channel === STDERR) options.stderr(bytes);
    else room = stream.push(bytes) && room;
  });
  const finish = () => {
    if (stream.writableEnded) stream.push(null);
    else void Promise.resolve(options.ended()).then((error) => stream.destroy(error));
  };
  socket.on('data', (chunk: Buffer) => {
    take(chunk);
    if (!room) socket.pause();
  });
  socket.once('end', finish);
  socket.once('error', () => !stream.destroyed && finish());
  // A reader of the stream may come later than its end.
  stream.on('error', () => {});
  return stream;
}

/** A server over TCP that says one thing to each client, and ends. It does not look at the bytes of a client. */
import type { Emitter } from '../events.ts';
import type { Service } from '../serve.ts';
import { type Connection, listenStream } from '../tcp-listener.ts';

export interface OneAnswerOptions {
  readonly service: string;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly setting: string;
  readonly events: Emitter;
  answer(): Buffer;
}

/** Milliseconds in which a client has to end its side after it was told. */
const ENDS_MS = 2000;

/** @throws StartError */
export function listenForOneAnswer({ answer, ...options }: OneAnswerOptions): Promise<Service> {
  return listenStream({ ...options, onConnection: (connection) => tell(connection, answer()) });
}

function tell({ socket, message }: Connection, answer: Buffer): void {
  message('send', answer);
  // Bytes that nobody has read when the socket is closed would make the kernel reset it, and the answer could be lost.
  socket.resume();
  socket.end(answer);
  const timer = setTimeout(() => socket.destroy(), ENDS_MS);
  socket.once('close', () => clearTimeout(timer));
}

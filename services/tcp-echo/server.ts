/** TCP echo: one port sends back what it gets (RFC 862), the other the same with the bytes a–z as A–Z. */
import { capitals } from '../capitals.ts';
import { EVERY_ADDRESS } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { type Connection, endOurSide, listenStream } from '../tcp-listener.ts';
import { Turn } from '../turn.ts';

/** An answer of so many bytes is no reason to wait for the end of the turn. */
const AT_ONCE = 16_384;

export interface TcpEchoOptions extends ServiceOptions {
  /** Default 7. */
  readonly echoPort?: number;
  /** Default 9000. */
  readonly capitalsPort?: number;
}

/** @throws StartError when a port is in use or not permitted. */
export async function createTcpEcho(options: TcpEchoOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const hosts = options.hosts ?? EVERY_ADDRESS;
  const turn = new Turn();
  const service = await together([
    listenStream({
      service: 'echo',
      hosts,
      port: options.echoPort ?? 7,
      setting: 'PORT_ECHO',
      events,
      onConnection: (connection) => answer(turn, connection, (chunk) => chunk),
    }),
    listenStream({
      service: 'capitals',
      hosts,
      port: options.capitalsPort ?? 9000,
      setting: 'PORT_CAPITALS',
      events,
      onConnection: (connection) => answer(turn, connection, capitals),
    }),
  ]);
  events.emit({ event: 'ready', program: 'tcp-echo', listening: service.addresses });
  return service;
}

/**
 * Reads no more while the client does not take what was sent: the client's own sending then stops (flow control). Short answers of
 * one turn of the event loop leave together, see {@link Turn}.
 */
function answer(turn: Turn, { socket, message }: Connection, change: (chunk: Buffer) => Buffer): void {
  const send = (): void => socket.uncork();
  socket.on('data', (chunk) => {
    message('receive', chunk);
    const reply = change(chunk);
    message('send', reply);
    if (reply.length < AT_ONCE && socket.writableCorked === 0) {
      socket.cork();
      turn.add(send);
    }
    if (!socket.write(reply) && socket.writableLength > 0) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('end', () => endOurSide(socket));
}

/** The chat for clients of IRC, over TCP. */
import type { Emitter } from '../../events.ts';
import type { Service } from '../../serve.ts';
import { listenStream } from '../../tcp-listener.ts';
import { Turn } from '../../turn.ts';
import type { Relay } from '../relay.ts';
import { command } from './commands.ts';
import { Session } from './session.ts';

export interface IrcOptions {
  readonly hosts: readonly string[];
  readonly events: Emitter;
  readonly port: number;
  readonly relay: Relay;
  /** Lines a second that one client may say for long. */
  readonly rate: number;
  /** Milliseconds in which a client must have said who it is. */
  readonly registerMs: number;
  /** Milliseconds of silence before a client is asked whether it is there, and again before it is gone. */
  readonly idleMs: number;
}

/** @throws StartError */
export async function listenIrc(options: IrcOptions): Promise<Service> {
  const { hosts, events, port, registerMs, idleMs } = options;
  const sessions = new Set<Session>();
  const turn = new Turn();
  const service = await listenStream({
    hosts,
    events,
    port,
    service: 'irc',
    setting: 'PORT_IRC',
    onConnection(connection) {
      const session = new Session(connection, { ...options, turn, command });
      sessions.add(session);
      connection.socket.once('close', () => sessions.delete(session));
    },
  });
  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const session of sessions) session.tick(now);
    },
    Math.min(1000, registerMs / 2, idleMs / 2),
  );
  return {
    get addresses() {
      return service.addresses;
    },
    async close(graceMs) {
      clearInterval(timer);
      const closed = service.close(graceMs);
      for (const session of sessions) session.end('stopped', 'the server ends');
      await closed;
    },
  };
}

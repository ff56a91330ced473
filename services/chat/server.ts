/** A chat with one set of names and rooms for two kinds of clients: lines over UDP, and IRC over TCP. */
import { ALL_HOSTS, EVERY_ADDRESS } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { listenIrc } from './irc/server.ts';
import { Relay } from './relay.ts';
import { listenUdp } from './udp/server.ts';

export interface ChatOptions extends ServiceOptions {
  /** Default 9000. */
  readonly port?: number;
  /** Default 6667. */
  readonly ircPort?: number;
  /** Someone over UDP not heard of for so many seconds is gone; over IRC after twice as many. Default 60. */
  readonly idleSeconds?: number;
  /** The largest number of people. Default 1000. */
  readonly people?: number;
  /** Lines a second that one client of IRC may say for long. Default 20. */
  readonly ircRate?: number;
  /** Milliseconds in which a client of IRC must have said who it is. Default 30,000. */
  readonly registerMs?: number;
  /** Multicast groups heard besides the host's own addresses. Default: all hosts of the link. */
  readonly groups?: readonly string[];
}

/** @throws StartError when a port is in use or not permitted. */
export async function createChat(options: ChatOptions = {}): Promise<Service> {
  const common = {
    hosts: options.hosts ?? EVERY_ADDRESS,
    events: emitter(options.events, options.onEvent),
    relay: new Relay(options.people ?? 1000),
    idleMs: (options.idleSeconds ?? 60) * 1000,
  };
  const service = await together([
    listenUdp({ ...common, port: options.port ?? 9000, groups: options.groups ?? ALL_HOSTS }),
    listenIrc({
      ...common,
      port: options.ircPort ?? 6667,
      rate: options.ircRate ?? 20,
      registerMs: options.registerMs ?? 30_000,
    }),
  ]);
  common.events.emit({ event: 'ready', program: 'chat', listening: service.addresses });
  return service;
}

/** UDP echo: one port sends back each datagram (RFC 862), the other the same with the bytes a–z as A–Z. */
import { capitals } from '../capitals.ts';
import { ALL_HOSTS, EVERY_ADDRESS } from '../environment.ts';
import { emitter } from '../events.ts';
import { type Service, type ServiceOptions, together } from '../serve.ts';
import { type Datagram, listenDatagram } from '../udp-sockets.ts';

export interface UdpEchoOptions extends ServiceOptions {
  /** Default 7. */
  readonly echoPort?: number;
  /** Default 9000. */
  readonly capitalsPort?: number;
  /** Multicast groups heard besides the host's own addresses. Default: all hosts of the link. */
  readonly groups?: readonly string[];
}

/** @throws StartError when a port is in use or not permitted. */
export async function createUdpEcho(options: UdpEchoOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const common = { hosts: options.hosts ?? EVERY_ADDRESS, groups: options.groups ?? ALL_HOSTS, events };
  const service = await together([
    listenDatagram({
      ...common,
      service: 'echo',
      port: options.echoPort ?? 7,
      setting: 'PORT_ECHO',
      onDatagram: (datagram: Datagram) => datagram.reply(datagram.data),
    }),
    listenDatagram({
      ...common,
      service: 'capitals',
      port: options.capitalsPort ?? 9000,
      setting: 'PORT_CAPITALS',
      onDatagram: (datagram: Datagram) => datagram.reply(capitals(datagram.data)),
    }),
  ]);
  events.emit({ event: 'ready', program: 'udp-echo', listening: service.addresses });
  return service;
}

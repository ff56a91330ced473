/** The chat over UDP: people log in, the relay learns the address that each speaks from, and forwards their lines. */
import type { Emitter } from '../../events.ts';
import type { Service } from '../../serve.ts';
import { listenDatagram } from '../../udp-sockets.ts';
import type { Relay } from '../relay.ts';
import { Desk } from './desk.ts';

export interface UdpOptions {
  readonly hosts: readonly string[];
  readonly groups: readonly string[];
  readonly events: Emitter;
  readonly port: number;
  readonly relay: Relay;
  /** Milliseconds of silence after which somebody is gone. */
  readonly idleMs: number;
}

/** @throws StartError */
export async function listenUdp(options: UdpOptions): Promise<Service> {
  const { hosts, groups, events, port, relay, idleMs } = options;
  const desk = new Desk(relay, idleMs);
  const sweep = (): void => {
    for (const { peer, name } of desk.sweep()) {
      events.emit({ event: 'logout', transport: 'udp', peer, name, reason: 'silent' });
    }
  };
  const service = await listenDatagram({
    hosts,
    groups,
    events,
    service: 'chat',
    port,
    setting: 'PORT',
    onDatagram(datagram) {
      sweep();
      const answer = desk.take(datagram);
      if (answer !== undefined) datagram.reply(Buffer.from(`relay: ${answer}`));
    },
  });
  // Also when nobody writes, so that the event comes when they are gone.
  const timer = setInterval(
    () => {
      sweep();
      desk.forget();
    },
    Math.min(1000, idleMs / 2),
  );
  return {
    get addresses() {
      return service.addresses;
    },
    close(graceMs) {
      clearInterval(timer);
      return service.close(graceMs);
    },
  };
}

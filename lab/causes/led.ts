/** Where ports of routers lead that their NATs forward (`nat.ports`), one router after the other. */
import type { Endpoint } from '../agent/protocol.ts';
import { addressesOf } from '../scenario/planned.ts';
import type { Machine } from './machine.ts';
import type { Target } from './target.ts';

/** What one router makes of an address and a port, its own. */
export interface Led {
  router: Machine;
  from: Endpoint;
  to: Endpoint;
}

/** In the order in which a packet of `here` meets them. Throws where they lead in a circle. */
export function ledFrom(asked: Target, here: Machine, all: readonly Machine[]): Led[] {
  const found: Led[] = [];
  for (let { address, port }: Endpoint = asked; ; ) {
    const router = all.find(({ host }) => host.plan.nat?.address === address);
    const ports = router?.host.plan.nat?.ports ?? [];
    const rule = ports.find((one) => one.transport === asked.transport && one.port === port);
    // What a router itself sends does not come in: its NAT leaves that alone.
    if (!router || !rule || (router === here && found.length === 0)) return found;
    if (found.some((one) => one.router === router)) throw new Error('forwarded in a circle');
    const to = { address: rule.to, port: rule.toPort };
    found.push({ router, from: { address, port }, to });
    ({ address, port } = to);
  }
}

/** `cgn:80 leads to box:8080 and on to web:81` */
export function showLed(led: readonly Led[], all: readonly Machine[]): string {
  const name = ({ address, port }: Endpoint) => {
    const owner = all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(address)));
    return `${owner?.name ?? address}:${port}`;
  };
  const [first] = led;
  return first
    ? `${first.router.name}:${first.from.port} leads to ${led.map(({ to }) => name(to)).join(' and on to ')}`
    : '';
}

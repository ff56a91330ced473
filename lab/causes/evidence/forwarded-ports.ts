/** Ports of routers that their NATs forward (`nat.ports`), followed from one router to the next. */
import type { Endpoint } from '../../agent/endpoint.ts';
import { forwardsOf } from '../../model/forwards.ts';
import { addressesOf } from '../../model/planned.ts';
import type { Machine } from './machine.ts';
import type { Target } from './target.ts';

/** A forward of one router: from its own address and port to another one. */
export interface ForwardedPort {
  router: Machine;
  from: Endpoint;
  to: Endpoint;
}

/** The forwards in the order in which a packet of `here` meets them. Undefined where they lead in a circle. */
export function forwardedPorts(
  asked: Target,
  here: Machine,
  all: readonly Machine[],
): ForwardedPort[] | undefined {
  const { transport } = asked;
  if (transport === 'icmp') return [];
  const plans = all.map(({ host }) => host.plan);
  const found: ForwardedPort[] = [];
  let from: Endpoint = { address: asked.address, port: asked.port };
  for (const { router, to, toPort } of forwardsOf(plans, { transport, ...from }, here.name)) {
    const next = { address: to, port: toPort };
    found.push({ router: all.find(({ name }) => name === router)!, from, to: next });
    from = next;
  }
  const circle = found.length > 0 && forwardsOf(plans, { transport, ...from }).length > 0;
  return circle ? undefined : found;
}

/** `cgn:80 leads to box:8080 and on to web:81` */
export function showForwardedPorts(forwards: readonly ForwardedPort[], all: readonly Machine[]): string {
  const name = ({ address, port }: Endpoint) => {
    const owner = all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(address)));
    return `${owner?.name ?? address}:${port}`;
  };
  const [first] = forwards;
  return first
    ? `${first.router.name}:${first.from.port} leads to ${forwards.map(({ to }) => name(to)).join(' and on to ')}`
    : '';
}

/** The way of a packet from host to host by their routes, and where it ends. */
import { familyOf } from '../../model/address.ts';
import { addressOf, type PlannedInterface } from '../../model/planned.ts';
import { hasNow, ownerOf } from './address-owner.ts';
import type { Machine } from './machine.ts';
import { type Route, routeTo } from './routes.ts';
import { broadcastsOf } from './target.ts';

/** From a card to the next one on the same network. */
export interface Hop {
  from: Machine;
  out: PlannedInterface;
  /** The address of the frame's receiver: the gateway's, or the target's own. */
  next: string;
  to: Machine;
  in: PlannedInterface;
}

export interface Path {
  hops: Hop[];
  end:
    | { at: 'target'; machine: Machine }
    | { at: 'no-route'; machine: Machine }
    | { at: 'refused'; machine: Machine; route: Route }
    /** The packet was at this host before: the hosts of `round` hand it on in a circle. */
    | { at: 'loop'; machine: Machine; round: readonly Machine[] }
    /** The packet has reached its network, and is for all hosts there. */
    | { at: 'broadcast'; machine: Machine; out: PlannedInterface }
    /** It goes by a card that is not in the plan: one that was made inside the host, such as a tunnel's. */
    | { at: 'own-card'; machine: Machine; card: string }
    /** No host on the network has the next hop's address. */
    | { at: 'nobody'; machine: Machine; out: PlannedInterface; next: string };
}

const MOST_HOPS = 8;

/** The destination after a host, as its NAT writes it: given the host and the destination before. */
export type Become = (machine: Machine, address: string) => string;

/** Undefined where the tables do not tell the way, and where the way is too long. */
export async function pathOf(
  from: Machine,
  first: string,
  all: readonly Machine[],
  become: Become = (_, address) => address,
): Promise<Path | undefined> {
  const hops: Hop[] = [];
  const passed: { machine: Machine; target: string }[] = [];
  for (let [machine, target] = [from, first]; hops.length < MOST_HOPS; ) {
    if (hops.length > 0) target = become(machine, target);
    if (await isFor(machine, target, all)) return { hops, end: { at: 'target', machine } };
    const before = passed.findIndex((one) => one.machine === machine && one.target === target);
    if (before >= 0) {
      const round = passed.slice(before).map((one) => one.machine);
      return { hops, end: { at: 'loop', machine, round } };
    }
    passed.push({ machine, target });
    const routes = await machine.routes(familyOf(target));
    if (!routes) return undefined;
    const route = routeTo(target, routes);
    if (!route) return { hops, end: { at: 'no-route', machine } };
    if (route.type !== 'unicast') return { hops, end: { at: 'refused', machine, route } };
    const out = machine.cards.find(({ name }) => name === route.card);
    if (!out) return { hops, end: { at: 'own-card', machine, card: route.card ?? '' } };
    const next = route.via ?? target;
    if (broadcastsOf(out).includes(next)) return { hops, end: { at: 'broadcast', machine, out } };
    const found = await ownerOn(out.network, next, all);
    if (!found) return { hops, end: { at: 'nobody', machine, out, next } };
    hops.push({ from: machine, out, next, ...found });
    machine = found.to;
  }
  return undefined;
}

/** The path to a host on a common network, without routes. Undefined where no host there has the address. */
export function pathOnLink(
  from: Machine,
  out: PlannedInterface,
  next: string,
  to: Machine | undefined,
): Path | undefined {
  const card = to?.cards.find(({ network }) => network === out.network);
  if (!to || !card) return undefined;
  return { hops: [{ from, out, next, to, in: card }], end: { at: 'target', machine: to } };
}

/** The same hop in the other direction. */
export function reversed({ from, out, to, in: card, next }: Hop): Hop {
  const own = addressOf(out, familyOf(next))?.address ?? next;
  return { from: to, out: card, to: from, in: out, next: own };
}

/** Whether the host's kernel has the address, or only the plan gives it to the host and no other host has it now. */
async function isFor(machine: Machine, address: string, all: readonly Machine[]): Promise<boolean> {
  return (await hasNow(machine, address)) === true || (await ownerOf(address, all)) === machine;
}

async function ownerOn(
  network: string,
  address: string,
  all: readonly Machine[],
): Promise<Pick<Hop, 'to' | 'in'> | undefined> {
  const near = all.filter(({ cards }) => cards.some((card) => card.network === network));
  const to = await ownerOf(address, near);
  const card = to?.cards.find((one) => one.network === network);
  return to && card && { to, in: card };
}

/** The way of a packet from host to host as the routes have it, and where it ends. */
import { familyOf } from '../scenario/address.ts';
import { addressesOf, addressOf, type PlannedInterface } from '../scenario/planned.ts';
import type { Machine } from './machine.ts';
import { type Route, routeTo } from './routes.ts';

/** From a card to the next one on the same network. */
export interface Hop {
  from: Machine;
  out: PlannedInterface;
  /** Whom the frame is for: the gateway, or the target itself. */
  next: string;
  to: Machine;
  in: PlannedInterface;
}

export interface Way {
  hops: Hop[];
  end:
    | { at: 'target'; machine: Machine }
    | { at: 'no-route'; machine: Machine }
    | { at: 'refused'; machine: Machine; route: Route }
    /** Nobody of the network has the next hop's address. */
    | { at: 'nobody'; machine: Machine; out: PlannedInterface; next: string };
}

const MOST_HOPS = 8;

/** What a host that a packet comes to makes of the address that it is for, as a NAT does. */
export type Become = (machine: Machine, address: string) => string;

/** Rejects where the tables do not tell. */
export async function wayOf(
  from: Machine,
  first: string,
  all: readonly Machine[],
  become: Become = (_, address) => address,
): Promise<Way> {
  const hops: Hop[] = [];
  for (let [machine, target] = [from, first]; hops.length < MOST_HOPS; ) {
    if (hops.length > 0) target = become(machine, target);
    if (await has(machine, target)) return { hops, end: { at: 'target', machine } };
    const route = routeTo(target, await machine.routes(familyOf(target)));
    if (!route) return { hops, end: { at: 'no-route', machine } };
    if (route.type !== 'unicast') return { hops, end: { at: 'refused', machine, route } };
    const out = machine.cards.find(({ name }) => name === route.card);
    if (!out) throw new Error(`${route.card} is no card of the plan`);
    const next = route.via ?? target;
    const found = await ownerOn(out.network, next, all);
    if (!found) return { hops, end: { at: 'nobody', machine, out, next } };
    hops.push({ from: machine, out, next, ...found });
    machine = found.to;
  }
  throw new Error('the way does not end');
}

/** To whom shares a network, where routes are not asked. Throws where nobody there has the address. */
export function wayOnLink(from: Machine, out: PlannedInterface, next: string, to: Machine | undefined): Way {
  const card = to?.cards.find(({ network }) => network === out.network);
  if (!to || !card) throw new Error(`${next} is nobody of the plan on ${out.network}`);
  return { hops: [{ from, out, next, to, in: card }], end: { at: 'target', machine: to } };
}

/** The same cable, the other way. */
export function reversed({ from, out, to, in: card, next }: Hop): Hop {
  const own = addressOf(out, familyOf(next))?.address ?? next;
  return { from: to, out: card, to: from, in: out, next: own };
}

/** As the plan has it or as its own kernel has it now, which an earlier step may have changed. */
async function has(machine: Machine, address: string): Promise<boolean> {
  return planned(machine, address) || lives(machine, address);
}

function planned({ cards }: Machine, address: string): boolean {
  return cards.some((card) => addressesOf(card).includes(address));
}

async function lives(machine: Machine, address: string): Promise<boolean> {
  const live = await machine.interfaces();
  return live.some(({ addresses }) => addresses.some((one) => one.address === address));
}

/** Kernels are asked where the plan knows of nobody. */
async function ownerOn(
  network: string,
  address: string,
  all: readonly Machine[],
): Promise<Pick<Hop, 'to' | 'in'> | undefined> {
  const near = all.filter(({ cards }) => cards.some((card) => card.network === network));
  const to = near.find((one) => planned(one, address)) ?? (await firstThatHas(near, address));
  const card = to?.cards.find((one) => one.network === network);
  return to && card && { to, in: card };
}

async function firstThatHas(near: readonly Machine[], address: string): Promise<Machine | undefined> {
  const states = await Promise.all(near.map((one) => lives(one, address)));
  return near.find((_, index) => states[index]);
}

/** The plan gave the address to a host, and the host's kernel does not have it any more. */
import type { InterfaceState } from '../agent/protocol.ts';
import { familyOf } from '../model/address.ts';
import { addressesOf, addressOf, type PlannedInterface } from '../model/planned.ts';
import type { PathCause } from './cause.ts';
import type { Machine } from './evidence/machine.ts';
import type { PathHost } from './evidence/path-host.ts';
import { plannedRoutes, routeTo } from './evidence/routes.ts';
import { isLinkLocal, isLoopback, isNear } from './evidence/subnet.ts';

export const lostAddress: PathCause = {
  word: 'lost-address',
  async find({ symptom, target, leasing }, pathHost) {
    if (!target || target.cast === 'near' || (symptom !== 'silence' && symptom !== 'unreachable'))
      return undefined;
    const { machine, came, end, after } = pathHost;
    if (end?.at === 'target') return ofTarget(machine, after.destination.address);
    if (leasing || (came && end?.at !== 'no-route') || (!came && pathHost.leg === 'back')) return undefined;
    return ofSender(pathHost);
  },
};

async function ofTarget(machine: Machine, address: string): Promise<string | undefined> {
  const card = machine.cards.find((one) => addressesOf(one).includes(address));
  const live = await machine.interfaces();
  if (!card || live.some(({ addresses }) => addresses.some((one) => one.address === address)))
    return undefined;
  return saying(machine, card, address, live);
}

/** The sender, or a router: with its last address a card loses its routes, or it has no address for answers. */
async function ofSender({ machine, by, end, after }: PathHost): Promise<string | undefined> {
  const to = after.destination.address;
  const card = by ?? plannedCard(machine, to);
  const own = card && addressOf(card, familyOf(to))?.address;
  if (own === undefined || isLinkLocal(to)) return undefined;
  const live = await machine.interfaces();
  const state = live.find(({ name }) => name === card!.name);
  // Any card's address serves as a source while there is a route.
  const some = end?.at === 'no-route' ? [state] : live;
  const left = some.flatMap((one) => one?.addresses ?? []).filter(({ address }) => serves(address, to));
  return state?.up && left.length === 0 ? saying(machine, card!, own, live) : undefined;
}

function serves(address: string, to: string): boolean {
  return familyOf(address) === familyOf(to) && !isLinkLocal(address) && !isLoopback(address);
}

/** The card that leads there by the plan. */
function plannedCard({ cards, host }: Machine, address: string): PlannedInterface | undefined {
  const near = cards.find((card) => isNear(card, address));
  const route = routeTo(address, plannedRoutes(host.plan, familyOf(address)));
  return near ?? cards.find(({ name }) => name === route?.card);
}

function saying(
  machine: Machine,
  { name, network }: PlannedInterface,
  address: string,
  live: readonly InterfaceState[],
): string {
  const now = live.find((one) => one.name === name)?.addresses.map((one) => one.address) ?? [];
  const told = machine.host.events.all((one) => one.network === network && LEASE.includes(one.event)).at(-1);
  const lease = told?.event === 'lease-over' ? `; ${told.how}` : '';
  return `${machine.name}'s ${name} does not have ${address} any more: it has ${now.join(', ') || 'none'}${lease}`;
}

/** Events of a lease that a step took or lost. */
const LEASE: readonly string[] = ['lease', 'lease-over'];

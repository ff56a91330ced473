/** To whom a step speaks, and whose address that is. */

import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { type Family, familyOf } from '../scenario/address.ts';
import { addressesOf, addressOf, type PlannedInterface } from '../scenario/planned.ts';
import type { Step } from '../scenario/types.ts';
import type { Machine } from './machine.ts';
import { isLoopback, isMulticast } from './subnet.ts';

export interface Target {
  transport: 'tcp' | 'udp' | 'icmp';
  address: string;
  /** 0 where it has none. */
  port: number;
  /** One host, or several of a network. */
  cast: 'one' | 'many';
}

/** Ports that a step means where it names none. */
const DEFAULT_PORTS: Record<string, number> = { ntp: 123, ping: 0 };
const DEFAULT_PORT = 9000;
const TRANSPORTS: Record<string, Target['transport']> = { udp: 'udp', ntp: 'udp', chat: 'udp', ping: 'icmp' };
/** RFC 2131 section 4.1. */
export const DHCP_SERVER = 67;

/** Undefined where it speaks to nobody. */
export function targetOf(step: Step, { tuple }: Outcome, context: StepContext): Target | undefined {
  const transport = TRANSPORTS[step.kind] ?? 'tcp';
  if (tuple)
    return { ...tuple.remote, transport: tuple.transport, cast: castOf(tuple.remote.address, context) };
  const server = leasedCard(step, context)?.leased?.server;
  if (server !== undefined) return { transport: 'udp', address: server, port: DHCP_SERVER, cast: 'one' };
  const { to, family } = (step.args ?? {}) as { to?: unknown; family?: Family };
  if (typeof to !== 'string') return undefined;
  const { address, port } = context.resolve(to, DEFAULT_PORTS[step.kind] || DEFAULT_PORT, family);
  return { transport, address, port: transport === 'icmp' ? 0 : port, cast: castOf(address, context) };
}

/** The card that a step asks a lease for, of whoever hears it. */
export function leasedCard({ kind, args, at }: Step, { hosts }: StepContext): PlannedInterface | undefined {
  const { how, network } = (args ?? {}) as { how?: unknown; network?: string };
  if (kind !== 'lease' || how !== 'obtain') return undefined;
  const cards = hosts.get(at)?.plan.interfaces ?? [];
  return cards.find((card) => card.leased && (network ?? card.network) === card.network);
}

function castOf(address: string, { hosts }: StepContext): Target['cast'] {
  const broadcasts = [...hosts.values()].flatMap(({ plan }) => plan.interfaces.flatMap(broadcastsOf));
  const many = [...broadcasts, '255.255.255.255'].includes(address) || isMulticast(address);
  return many ? 'many' : 'one';
}

export function broadcastsOf({ addresses }: PlannedInterface): string[] {
  return addresses.flatMap(({ broadcast }) => broadcast ?? []);
}

/** By the plan first; what an earlier step added is known to the kernels. */
export async function owner(
  address: string,
  here: Machine,
  all: readonly Machine[],
): Promise<Machine | undefined> {
  if (isLoopback(address)) return here;
  const planned = all.find(({ cards }) => cards.some((card) => addressesOf(card).includes(address)));
  if (planned) return planned;
  const states = await Promise.all(all.map((machine) => machine.interfaces().catch(() => [])));
  return all.find((_, index) =>
    states[index]!.some((card) => card.addresses.some((one) => one.address === address)),
  );
}

/** The address that a card speaks from to another one. */
export function sourceFor(card: PlannedInterface, destination: string): string | undefined {
  return (addressOf(card, familyOf(destination)) ?? card.addresses[0])?.address;
}

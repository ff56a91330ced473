/** Two sides of a cut, and what each host's agent is asked for. Pure. */
import type { PlannedHost } from '../model/planned.ts';

/** `all` is every host that does not stand on the other side. */
export type Side = string[] | 'all';

export interface Sides {
  from: Side;
  to: Side;
  /** `one`: what `from` sends does not arrive at `to`; the other way it does. */
  ways: 'both' | 'one';
  /** ARP and neighbour discovery pass. */
  arp?: 'keep' | undefined;
  /** The names are those of machines, and both sides are lists. */
  machines?: true | undefined;
}

/** The hosts of both sides by name. */
export function namesOf(
  { from, to }: Pick<Sides, 'from' | 'to'>,
  hosts: Iterable<string>,
): [string[], string[]] {
  const others = (side: Side) => [...hosts].filter((host) => side === 'all' || !side.includes(host));
  return [from === 'all' ? others(to) : from, to === 'all' ? others(from) : to];
}

/** Sides of hosts in place of sides of machines: those that stand on them. */
export function onMachines(sides: Sides, hosts: readonly Pick<PlannedHost, 'name' | 'node'>[]): Sides {
  if (!sides.machines) return sides;
  const standing = (side: Side) =>
    hosts.flatMap(({ name, node }) => (node !== undefined && side.includes(node) ? [name] : []));
  return { from: standing(sides.from), to: standing(sides.to), ways: 'both' };
}

/**
 * By host: the planned MACs of the cards that it is not to hear. A host that is not to be heard has an entry too,
 * which is empty where it hears everybody. A host that shares no network with the other side has none.
 */
export function compileCut(sides: Sides, hosts: readonly PlannedHost[]): Map<string, string[]> {
  const [from, to] = namesOf(
    sides,
    hosts.map(({ name }) => name),
  );
  const drops = new Map<string, string[]>();
  const drop = (senders: readonly string[], receivers: readonly string[]) => {
    for (const receiver of hosts.filter(({ name }) => receivers.includes(name))) {
      const macs = hosts
        .filter(({ name }) => senders.includes(name))
        .flatMap((host) => heardBy(receiver, host));
      if (macs.length > 0) drops.set(receiver.name, [...(drops.get(receiver.name) ?? []), ...macs]);
    }
    for (const sender of hosts.filter(({ name }) => senders.includes(name))) {
      const heard = hosts.some((one) => receivers.includes(one.name) && heardBy(one, sender).length > 0);
      if (heard && !drops.has(sender.name)) drops.set(sender.name, []);
    }
  };
  drop(from, to);
  if (sides.ways === 'both') drop(to, from);
  return drops;
}

/** The MACs of a host on the networks that the other is on too. */
function heardBy(receiver: PlannedHost, sender: PlannedHost): string[] {
  const networks = receiver.interfaces.map(({ network }) => network);
  return sender.interfaces.filter(({ network }) => networks.includes(network)).map(({ mac }) => mac);
}

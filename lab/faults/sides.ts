/** Two sides of a cut, and what each host's agent is to drop for it. Pure. */
import type { PlannedHost } from '../scenario/planned.ts';

/** `all` is every host that does not stand on the other side. */
export type Side = string[] | 'all';

export interface Sides {
  from: Side;
  to: Side;
  /** `one`: what `from` sends does not arrive at `to`; the other way it does. */
  ways: 'both' | 'one';
}

/** The hosts of both sides by name. */
export function namesOf(
  { from, to }: Pick<Sides, 'from' | 'to'>,
  hosts: Iterable<string>,
): [string[], string[]] {
  const others = (side: Side) => [...hosts].filter((host) => side === 'all' || !side.includes(host));
  return [from === 'all' ? others(to) : from, to === 'all' ? others(from) : to];
}

/** The MACs whose frames each host's agent is to drop, by host. Who shares no network with a sender has none. */
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

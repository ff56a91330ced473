/** The hosts on a packet's way in order, with the packet's ends before and after each: NATs write new ends into it. */
import type { Endpoint } from '../../agent/endpoint.ts';
import { familyOf } from '../../model/address.ts';
import type { PlannedInterface } from '../../model/planned.ts';
import type { ForwardedPort } from './forwarded-ports.ts';
import type { Machine } from './machine.ts';
import type { Hop, Path } from './path.ts';
import { sourceFor } from './target.ts';

/** The ends of a packet. A port is 0 where a NAT chose it, or there is none. */
export interface Ends {
  source: Endpoint;
  destination: Endpoint;
}

/** The direction of the step's own packet, or of its answer. */
export type Leg = 'forth' | 'back';

export interface PathHost {
  leg: Leg;
  machine: Machine;
  /** Absent at the sender. */
  came?: Hop;
  leaves?: Hop;
  /** The card by which the packet leaves, also where the next host is not known, or there are many. */
  by?: PlannedInterface;
  /** Present where the packet goes no further. */
  end?: Path['end'];
  /** The packet's ends as it comes to the host, and as it leaves it. */
  before: Ends;
  after: Ends;
}

/** The way of the step's own packet. */
export function pathHostsForth(way: Path, sent: Ends, forwards: readonly ForwardedPort[]): PathHost[] {
  return along('forth', way, sent, (ends, { machine, came, leaves }) => {
    const forward =
      came && forwards.find(({ router, from }) => router === machine && isSame(from, ends.destination));
    const destination = forward?.to ?? ends.destination;
    const hidden = leaves && hides(machine, leaves, came, forward !== undefined, ends);
    return { source: hidden ?? ends.source, destination };
  });
}

/** The way of a packet to many hosts: it may leave by any card, and its receivers do not matter. */
export function pathHostsToMany(here: Machine, destination: Endpoint): PathHost[] {
  return here.cards.map((by) => {
    const sent = { source: { address: sourceFor(by, destination.address)!, port: 0 }, destination };
    return { leg: 'forth', machine: here, by, before: sent, after: sent };
  });
}

/** The way of the answer: each NAT takes back what it wrote into the question. */
export function pathHostsBack(way: Path, sent: Ends, forth: readonly PathHost[]): PathHost[] {
  return along('back', way, sent, ({ source, destination }, { machine }) => {
    const asked = askedAs(forth, machine, destination.address);
    if (!asked) return { source, destination };
    const forwards = isSame(asked.after.destination, source);
    return { source: forwards ? asked.before.destination : source, destination: asked.before.source };
  });
}

/** The question at a host, by its source after this host. A packet may pass a host twice. */
export function askedAs(forth: readonly PathHost[], machine: Machine, source: string): PathHost | undefined {
  return forth.findLast((one) => one.machine === machine && one.after.source.address === source);
}

export function isTranslated({ before, after }: PathHost): boolean {
  return !isSame(before.destination, after.destination);
}

export function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

type OnPath = Pick<PathHost, 'machine' | 'came' | 'leaves'>;

function along(
  leg: Leg,
  { hops, end }: Path,
  sent: Ends,
  become: (ends: Ends, place: OnPath) => Ends,
): PathHost[] {
  const pathHosts: PathHost[] = [];
  for (let at = 0, before = sent; at <= hops.length; at++) {
    const [came, leaves] = [hops[at - 1], hops[at]];
    const machine = leaves?.from ?? end.machine;
    const place = { machine, ...(came && { came }), ...(leaves && { leaves }) };
    const after = become(before, place);
    const by = leaves?.out ?? (end.at === 'nobody' ? end.out : undefined);
    pathHosts.push({ leg, ...place, ...(by && { by }), ...(!leaves && { end }), before, after });
    before = after;
  }
  return pathHosts;
}

/**
 * The new source of an IPv4 packet that leaves by the NAT's outside, or that goes from inside back inside (RFC 4787
 * REQ-9). The port that it gets is not known here.
 */
function hides(
  { host }: Machine,
  { out }: Hop,
  came: Hop | undefined,
  forwarded: boolean,
  { source }: Ends,
): Endpoint | undefined {
  const { nat } = host.plan;
  if (!nat || familyOf(source.address) !== 'ipv4' || source.address === nat.address) return undefined;
  const inward = forwarded && came?.in.name !== nat.outside;
  return out.name === nat.outside || inward ? { address: nat.address, port: 0 } : undefined;
}

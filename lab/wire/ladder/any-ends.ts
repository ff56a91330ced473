/**
 * The lanes in which a frame of any capture starts and ends. They come from a link that names both cards, else from the
 * addresses; for a link that is not read here they are unknown.
 */
import { isGroupAddress, isGroupMac } from '../address.ts';
import { type Cards, cardsOf } from '../cards.ts';
import type { Frame } from '../frame.ts';
import type { SeenFrame } from '../timeline.ts';
import type { Ends, FindEnds, Party } from './lanes.ts';

/** The sender, where neither the link nor the addresses tell it. */
const UNKNOWN = 'unknown';
const NOBODY = ['0.0.0.0', '::'];

/** A frame that the file does not show as leaving has come to its receiver: somebody saw it on its way there. */
export function endsByAddresses(parties: readonly Party[]): FindEnds {
  const owners = new Map(parties.flatMap(({ name, macs }) => macs.map((mac) => [mac, name] as const)));
  const hosts = new Map(
    parties.flatMap(({ name, addresses }) => addresses.map((one) => [one, name] as const)),
  );
  const cardOf = (mac: string | undefined) => (mac === undefined ? undefined : (owners.get(mac) ?? mac));
  const hostOf = (address: string | undefined) =>
    address === undefined || NOBODY.includes(address) ? undefined : (hosts.get(address) ?? address);

  return (seen): Ends => {
    const { frame, sightings } = seen;
    const { arp } = frame;
    const came = sightings.every(({ way }) => way === 'out') ? 'unseen' : 'arrived';
    const cards = cardsOf(frame);
    const from = senderOf(seen, cards);
    const to = targetOf(frame, cards);
    if (to !== undefined) return { from, to: [to], fate: came };
    const asked = arp && hosts.get(arp.targetAddress);
    if (asked !== undefined && asked !== from) return { from, to: [asked], fate: 'arrived' };
    return { from, to: [], fate: isForAll(frame, cards) ? 'unheard' : 'unknown' };
  };

  function senderOf({ frame, sightings: [first] }: SeenFrame, { source, destination }: Cards): string {
    const card = cardOf(source);
    if (card !== undefined && destination !== undefined) return card;
    return hostOf(frame.ip?.source ?? frame.arp?.senderAddress) ?? card ?? (first?.card.name || UNKNOWN);
  }

  /** Undefined where the frame is for a group, or its receiver is not known. */
  function targetOf({ ip }: Frame, { source, destination }: Cards): string | undefined {
    if (destination !== undefined && (source !== undefined || !ip))
      return isGroupMac(destination) ? undefined : cardOf(destination);
    return ip && !isGroupAddress(ip.destination) ? hostOf(ip.destination) : undefined;
  }
}

function isForAll({ ip, arp, links: [first] }: Frame, { destination }: Cards): boolean {
  if (destination !== undefined || ip !== undefined || arp !== undefined) return true;
  return first?.kind === 'cooked' && (first.packetType === 1 || first.packetType === 2);
}

/** A host that talks to itself has a lane for each of its ends, by their ports. */
export function withPorts(
  frames: readonly SeenFrame[],
  parties: readonly Party[],
  ends: FindEnds,
): { parties: Party[]; ends: FindEnds } {
  const found = new Map<string, Party[]>();
  const names = new Set<string>();
  for (const seen of frames) {
    const own = portsOf(seen, ends(seen));
    for (const { name, host, address } of own ?? []) {
      if (names.has(name)) continue;
      names.add(name);
      const list = found.get(host) ?? [];
      list.push({ name, macs: [], addresses: [address], unnamed: true });
      found.set(host, list);
    }
  }
  return {
    parties: parties.flatMap((party) => [party, ...(found.get(party.name) ?? [])]),
    ends(seen) {
      const whole = ends(seen);
      const own = portsOf(seen, whole);
      return own ? { ...whole, from: own[0].name, to: [own[1].name] } : whole;
    },
  };
}

interface OwnEnd {
  name: string;
  host: string;
  address: string;
}

/** Undefined for a frame between two hosts, and for one without ports. */
function portsOf({ frame }: SeenFrame, { from, to }: Ends): [OwnEnd, OwnEnd] | undefined {
  const { ip } = frame;
  const ports = frame.tcp ?? frame.udp;
  if (!ip || !ports || to.length !== 1 || to[0] !== from) return undefined;
  const end = (address: string, port: number): OwnEnd => {
    const named = address === from || address.startsWith('127.') || address === '::1' ? address : from;
    return { name: named.includes(':') ? `[${named}]:${port}` : `${named}:${port}`, host: from, address };
  };
  return [end(ip.source, ports.sourcePort), end(ip.destination, ports.destinationPort)];
}

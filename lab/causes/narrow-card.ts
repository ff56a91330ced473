/** A card on the way whose MTU is smaller than that of its sender: packets that are too large for it are lost there. */
import { familyOf } from '../model/address.ts';
import type { PathCause } from './cause.ts';
import type { Machine } from './evidence/machine.ts';
import type { PathHost } from './evidence/path-host.ts';

/** The headers of IP and of UDP or an echo request (RFC 791, RFC 8200, RFC 768, RFC 792). */
const HEADERS = { ipv4: 28, ipv6: 48 };
/** Linux lets a packet in that is too large by a VLAN tag. */
const LET_IN = 4;

export const narrowCard: PathCause = {
  word: 'narrow-card',
  async find({ symptom, target, outcome, pathHosts }, pathHost) {
    const { leg, leaves } = pathHost;
    if (leg === 'back' || symptom !== 'silence' || !leaves || !target || outcome.datagram === undefined)
      return undefined;
    const whole = outcome.datagram + HEADERS[familyOf(target.address)];
    const size = await sizeAt(pathHost, await pathHosts('forth'), whole);
    const mtu = await mtuOf(leaves.to, leaves.in.name);
    if (size === undefined || mtu === undefined || size <= mtu + LET_IN) return undefined;
    const card = `${leaves.to.name}'s ${leaves.in.name} (${leaves.in.network})`;
    return `packets of ${size} bytes come to ${card}, whose MTU is ${mtu}: the card loses them, and nobody is told`;
  },
};

/** Bytes of the largest packet, as its sender's card lets it go. Undefined where a router has cut it, or cannot send it on. */
async function sizeAt(
  last: PathHost,
  pathHosts: readonly PathHost[],
  whole: number,
): Promise<number | undefined> {
  let size = whole;
  for (const pathHost of pathHosts.slice(0, pathHosts.indexOf(last) + 1)) {
    const mtu = pathHost.leaves && (await mtuOf(pathHost.machine, pathHost.leaves.out.name));
    if (mtu === undefined || (size > mtu && pathHost !== pathHosts[0])) return undefined;
    size = Math.min(size, mtu);
  }
  return size;
}

async function mtuOf(machine: Machine, card: string): Promise<number | undefined> {
  return (await machine.interfaces()).find(({ name }) => name === card)?.mtu;
}

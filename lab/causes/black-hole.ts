/**
 * Packets are too large for a link on the way, and the ICMP error that would tell their sender is dropped. So path MTU
 * discovery fails, and large packets vanish (RFC 1191, RFC 2923 section 2.1, RFC 8201).
 */
import { familyOf } from '../model/address.ts';
import { addressOf } from '../model/planned.ts';
import type { Outcome, Target as Stated } from '../outcomes/outcome.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';
import type { Packet } from './evidence/nft-match.ts';
import { type Refusal, refusalOf } from './evidence/nft-verdict.ts';
import { isSame, isTranslated, type Leg, type PathHost } from './evidence/path-host.ts';

export const blackHole: Cause = {
  word: 'black-hole',
  async find(evidence) {
    if (evidence.symptom !== 'silence') return undefined;
    for (const leg of ['back', 'forth'] as const) {
      const found = (await isStuck(leg, evidence)) && (await narrowOn(leg, evidence));
      if (found) return found;
    }
    return undefined;
  },
};

/** Whether a TCP sender has data that is not acknowledged. With UDP, whether the step sent a datagram. */
async function isStuck(leg: Leg, { target, outcome, here, there, local }: Evidence): Promise<boolean> {
  const ours = await local();
  if (!target || !ours || !there) return false;
  if (target.transport !== 'tcp')
    return leg === 'forth' && (outcome.datagram ?? 0) > 0 && !isCut(target, outcome);
  const [machine, own, peer] = leg === 'forth' ? [here, ours, target] : [there, target, ours];
  const sockets = await machine.sockets();
  return sockets.some((one) => {
    const isIts = one.peer.address === peer.address && (peer.port === 0 || one.peer.port === peer.port);
    return one.transport === 'tcp' && one.sendQueue > 0 && isSame(one.local, own) && isIts;
  });
}

/** Routers of IPv6 never cut (RFC 8200 section 4.5). */
function isCut({ address }: Stated, { fragments }: Outcome): boolean {
  return fragments === true && familyOf(address) === 'ipv4';
}

async function narrowOn(leg: Leg, evidence: Evidence): Promise<string | undefined> {
  const pathHosts = await evidence.pathHosts(leg);
  const first = pathHosts[0];
  if (!first?.leaves || pathHosts.at(-1)?.end?.at !== 'target' || pathHosts.some(isTranslated))
    return undefined;
  const size = await sizeOf(first, pathHosts, evidence);
  for (const [index, pathHost] of pathHosts.entries()) {
    const { machine, leaves } = pathHost;
    if (index === 0 || !leaves) continue;
    const mtu = await mtuOf(machine, leaves.out.name);
    if (mtu === undefined || size <= mtu) continue;
    const dropped = await droppedOn(pathHosts.slice(0, index + 1));
    if (!dropped) return undefined;
    const what = SENT[evidence.target!.transport];
    return `${what} in packets of ${size} bytes meet an MTU of ${mtu} at ${machine.name} (${leaves.out.network}), and the ICMP error that would say so is dropped by a rule on ${dropped.at}: ${dropped.shown}`;
  }
  return undefined;
}

/** Bytes of the largest packets that are sent: the smaller MTU of the cards at both ends, or the size of the datagram. */
async function sizeOf(
  first: PathHost,
  pathHosts: readonly PathHost[],
  { target, outcome }: Evidence,
): Promise<number> {
  const sender = (await mtuOf(first.machine, first.leaves!.out.name)) ?? 0;
  const last = pathHosts.at(-1)!;
  const receiver = last.came ? ((await mtuOf(last.machine, last.came.in.name)) ?? 0) : sender;
  if (target?.transport === 'tcp') return Math.min(sender, receiver);
  const headers = familyOf(first.after.destination.address) === 'ipv6' ? 48 : 28;
  const whole = (outcome.datagram ?? 0) + headers;
  // A datagram that does not fit its own card goes in fragments, which routers may cut again.
  return whole > sender ? 0 : whole;
}

const SENT = { tcp: 'segments', udp: 'datagrams', icmp: 'echo requests' } as const;

async function mtuOf(machine: Machine, card: string): Promise<number | undefined> {
  return (await machine.interfaces()).find(({ name }) => name === card)?.mtu;
}

/** The host that drops the error on its way back, from the last of these hosts to the first, and its rule. */
async function droppedOn(pathHosts: readonly PathHost[]): Promise<(Refusal & { at: string }) | undefined> {
  const router = pathHosts.at(-1)!;
  const destination = pathHosts[0]!.before.source.address;
  const source = addressOf(router.came!.in, familyOf(destination))?.address;
  if (source === undefined) return undefined;
  for (const { machine, came, leaves } of pathHosts.toReversed()) {
    const is = machine === router.machine ? 'out' : came ? 'through' : 'in';
    const packet: Packet = { ...errorTo(source, destination), in: leaves?.out.name, out: came?.in.name };
    const found = refusalOf(await machine.rules(), packet, is);
    if (found === 'unclear') return undefined;
    if (found !== 'passes') return { ...found, at: machine.name };
  }
  return undefined;
}

/** Fragmentation needed (RFC 792), packet too big (RFC 4443 section 3.2). */
function errorTo(source: string, destination: string): Packet {
  const six = familyOf(destination) === 'ipv6';
  const type = six
    ? { icmpType: 'packet-too-big' }
    : { icmpType: 'destination-unreachable', icmpCode: 'frag-needed' };
  return { protocol: 'icmp', source, destination, state: 'related', ...type };
}

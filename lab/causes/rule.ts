import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';
import type { How } from './how.ts';
import type { Machine } from './machine.ts';
import type { Packet } from './matching.ts';
import { type PASSES, type Refusal, refusalOf } from './verdict.ts';
import type { Hop, Way } from './way.ts';

/** How a step fails by each; a drop on the way out is told to a UDP sender (EPERM). */
const SHOWS: Record<Refusal['verdict'], readonly How[]> = {
  drop: ['silence', 'not-permitted'],
  reject: ['silence', 'refused', 'unreachable', 'reset'],
};
const DONE = { drop: 'dropped', reject: 'rejected' };

/** A rule of nftables or iptables on the way, by the packet that the step sends and by its answer. */
export const rule: Cause = {
  word: 'rule',
  async find(evidence) {
    const { target, how } = evidence;
    if (target?.cast !== 'one' || !Object.values(SHOWS).some((shows) => shows.includes(how)))
      return undefined;
    const packet = await question(evidence);
    const forth = await onThe(await evidence.forth(), packet);
    const found = forth ?? (await onThe(await evidence.back(), answerTo(packet)));
    if (!found || !SHOWS[found.verdict].includes(how)) return undefined;
    return saying(found, found.machine, found === forth);
  },
};

/** The first refusal on a way. */
async function onThe(way: Way, packet: Packet): Promise<(Refusal & { machine: Machine }) | undefined> {
  let sent = packet;
  for (const { machine, pass, cards } of passes(way)) {
    const found = refusalOf(await machine.rules(), { ...sent, ...cards }, pass);
    if (found) return { ...found, machine };
    const { nat } = machine.host.plan;
    if (nat && pass === 'through' && cards.out === nat.outside)
      sent = { ...sent, source: nat.address, sourcePort: undefined };
  }
  return undefined;
}

function saying({ verdict, shown }: Refusal, { name }: Machine, asked: boolean): string {
  return `${asked ? '' : 'the answer is '}${DONE[verdict]} by a rule on ${name}: ${shown}`;
}

async function question({ target, local, outcome, step }: Evidence): Promise<Packet> {
  if (!target) throw new Error('it spoke to nobody');
  const { address, port } = await local();
  const goesOn = (step.args as { use?: unknown }).use !== undefined;
  const connected = target.transport === 'tcp' && outcome.tuple !== undefined;
  // Whether a datagram of a socket that was open before is the first of its flow is not known here.
  const state = connected ? 'established' : goesOn ? undefined : 'new';
  return {
    protocol: target.transport,
    source: address,
    destination: target.address,
    sourcePort: port || undefined,
    destinationPort: target.port || undefined,
    ...(target.transport === 'icmp' && { icmpType: 'echo-request' }),
    state,
    // The way leads to the owner of the address that was asked for.
    forwarded: false,
  };
}

function answerTo(packet: Packet): Packet {
  return {
    protocol: packet.protocol,
    source: packet.destination,
    destination: packet.source,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
    ...(packet.icmpType !== undefined && { icmpType: 'echo-reply' }),
    state: 'established',
  };
}

interface Passing {
  machine: Machine;
  pass: keyof typeof PASSES;
  cards: Pick<Packet, 'in' | 'out'>;
}

/** Every host on a way, and whether the packet leaves it, passes through or arrives. */
function passes({ hops }: Way): Passing[] {
  return hops.flatMap((hop: Hop, index): Passing[] => {
    const before = hops[index - 1];
    const leaving: Passing = {
      machine: hop.from,
      pass: before ? 'through' : 'out',
      cards: { out: hop.out.name, in: before?.in.name },
    };
    const last = index === hops.length - 1;
    const arriving: Passing = { machine: hop.to, pass: 'in', cards: { in: hop.in.name } };
    return last ? [leaving, arriving] : [leaving];
  });
}

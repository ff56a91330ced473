/** A packet of the step that left one host and did not reach the next, by the captures at both. */
import { addressesOf } from '../../model/planned.ts';
import type { SeenFrame } from '../../wire/timeline.ts';
import type { Evidence } from './evidence.ts';
import type { Machine } from './machine.ts';
import type { Hop } from './path.ts';
import { cameTo, leftBy, nameOf } from './seen-frames.ts';

/**
 * `SYN left alice (frame 3), never reached echo`. Undefined where the captures do not show that, where a
 * retransmission came through, or where an incomplete capture may have missed the packet.
 */
export async function lostOn(evidence: Evidence, hop: Hop): Promise<string | undefined> {
  const { seen } = evidence;
  const { from, to } = hop;
  if (!seen?.captured(from.name) || !seen.captured(to.name)) return undefined;
  if (!(await seen.settled([from.name, to.name]))) return undefined;
  const macs = await macsOf(hop);
  const [lost] = (await sentBy(evidence, from, hop.next)).flatMap((sent) => lostOf(sent, hop, macs));
  return lost && `${nameOf(lost)} left ${from.name} (frame ${lost.number}), never reached ${to.name}`;
}

/** The lost frames of those that left on this network for this next hop: a router sends on several networks. */
function lostOf(sent: readonly SeenFrame[], { from, out, to }: Hop, macs: readonly string[]): SeenFrame[] {
  const left = sent.filter((one) => leftBy(one, from.name, out.network, macs));
  return left.slice(left.findLastIndex((one) => cameTo(one, to.name)) + 1);
}

/** The MACs of the next host's card: the planned one, and the present one. */
async function macsOf({ to, in: card }: Hop): Promise<string[]> {
  const now = (await to.interfaces()).find(({ name }) => name === card.name);
  return [card.mac, ...(now ? [now.mac.toLowerCase()] : [])];
}

/** The step's packets, their answers, and questions for the next hop's MAC. */
async function sentBy(evidence: Evidence, from: Machine, next: string): Promise<SeenFrame[][]> {
  const { seen, target } = evidence;
  const local = await evidence.local();
  if (!seen || !target || !local) return [];
  const { transport } = target;
  const forth = seen.packets({ transport, from: local, to: target });
  const back = seen.packets({ transport, from: target, to: local });
  const asked = from.cards.flatMap((card) =>
    addressesOf(card).flatMap((address) => seen.questions(address, next)),
  );
  return [forth, back, asked];
}

import { familyOf } from '../scenario/address.ts';
import { addressOf } from '../scenario/planned.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { hopsOf } from './links.ts';
import { lostOn } from './lost.ts';
import type { Machine } from './machine.ts';
import { byStep, whoCut } from './making.ts';
import type { Hop } from './way.ts';

/** Frames are dropped on the cable, by the rules of the patch at the receiver. */
export const cut: Cause = {
  word: 'cut',
  async find(evidence) {
    const { here, how, oneWay } = evidence;
    if (how !== 'silence' && how !== 'unreachable') return undefined;
    for (const hop of await hopsOf(evidence)) {
      const [forth, back] = await Promise.all([drops(hop.to, hop.out.mac), drops(hop.from, hop.in.mac)]);
      if (!forth && (!back || oneWay)) continue;
      if (forth) return saying(evidence, hop, back);
      // The answer to what went forth, and ARP's answer too: told from our side of the cable.
      return saying(evidence, reversed(hop, here), false);
    }
    return undefined;
  },
};

async function drops(receiver: Machine, mac: string): Promise<boolean> {
  return (await receiver.cutOff()).includes(mac);
}

function reversed(hop: Hop, { cards }: Machine): Hop {
  const card = cards.find(({ network }) => network === hop.out.network) ?? hop.out;
  const next = addressOf(card, familyOf(hop.next))?.address ?? hop.next;
  return { from: hop.to, out: hop.in, to: hop.from, in: hop.out, next };
}

async function saying(evidence: Evidence, hop: Hop, both: boolean): Promise<string> {
  const { from, to } = hop;
  const by = byStep(whoCut(evidence, from, to));
  const lost = await lostOn(evidence, hop);
  if (lost) return `${lost}: cut${by}`;
  if (both) return `${from.name} and ${to.name} are cut${by}`;
  return `what ${from.name} sends does not reach ${to.name}: cut${by}`;
}

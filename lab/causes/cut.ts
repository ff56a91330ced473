/** Frames are dropped on the cable, by the rules of the patch at the receiver. */
import type { PathCause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';
import { byStep, whoCut } from './evidence/faults-that-stand.ts';
import { lostOn } from './evidence/lost-frames.ts';
import type { Machine } from './evidence/machine.ts';
import { isWithoutAnswer, neighbourOf } from './evidence/neighbour.ts';
import { type Hop, reversed } from './evidence/path.ts';

export const cut: PathCause = {
  word: 'cut',
  async find(evidence, { leaves: hop }) {
    const { symptom } = evidence;
    if (!hop || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    const [forth, back] = await Promise.all([drops(hop.to, hop.out.mac), drops(hop.from, hop.in.mac)]);
    if (forth) return saying(evidence, hop, back);
    // Frames of the other direction matter only for the answer that tells the MAC of the next hop.
    return back && (await isUnknown(hop)) ? saying(evidence, reversed(hop), false) : undefined;
  },
};

async function drops(receiver: Machine, mac: string): Promise<boolean> {
  return (await receiver.cutOff()).includes(mac);
}

async function isUnknown({ from, out, next }: Hop): Promise<boolean> {
  const entry = await neighbourOf(from, next, out.name);
  return entry !== undefined && isWithoutAnswer(entry);
}

async function saying(evidence: Evidence, hop: Hop, both: boolean): Promise<string> {
  const { from, to } = hop;
  const by = byStep(whoCut(evidence, from, to));
  const lost = await lostOn(evidence, hop);
  if (lost) return `${lost}: cut${by}`;
  if (both) return `${from.name} and ${to.name} are cut${by}`;
  return `the frames of ${from.name} do not reach ${to.name}: cut${by}`;
}

/** The verdicts of cables on frames of a step, each with its frame. */
import { familyOf } from '../../model/address.ts';
import type { CableVerdict } from '../../outcomes/cable-record.ts';
import type { StepContext } from '../../outcomes/context.ts';
import { decode } from '../../wire/decode.ts';
import type { Frame } from '../../wire/frame.ts';
import { ADVERTISEMENT } from './seen-frames.ts';

/** Seconds by which the stamp of a frame and the clock of this process may differ. */
const SLACK = 0.002;

export interface JudgedFrame {
  verdict: CableVerdict;
  /** The frame, decoded from its first bytes. */
  frame: Frame;
}

/** Verdicts on frames since `began` (milliseconds since 1970), in order of time. */
export async function verdictsSince(began: number, { cables }: StepContext): Promise<JudgedFrame[]> {
  await cables.ask();
  return cables.verdicts
    .filter(({ time }) => time >= began / 1000 - SLACK)
    .toSorted((one, other) => one.time - other.time)
    .map((verdict) => ({ verdict, frame: decode(verdict.head, verdict.length) }));
}

/** Whether a frame is the ARP reply or the neighbour advertisement for this address (RFC 826, RFC 4861 section 4.4). */
export function answersFor({ arp, icmpv6 }: Frame, address: string): boolean {
  if (familyOf(address) === 'ipv4') return arp?.operation === 2 && arp.senderAddress === address;
  return icmpv6?.type === ADVERTISEMENT && icmpv6.target === address;
}

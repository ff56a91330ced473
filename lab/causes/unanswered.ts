/** By its own events the program has received the step's bytes, and its events show no answer. */
import type { HostEvent } from '../agent/protocol.ts';
import type { Cause } from './cause.ts';
import { ends } from './evidence/evidence.ts';
import { isSame } from './evidence/path-host.ts';

/** Milliseconds by which two processes' readings of one clock may differ. */
const SLACK = 2;

export const unanswered: Cause = {
  word: 'unanswered',
  async find(evidence) {
    const { there, target, symptom, outcome } = evidence;
    if (!there || !target || symptom !== 'silence' || evidence.some) return undefined;
    // The answer's event may be among those that are missing.
    if (there.host.events.missing(outcome.began) > 0) return undefined;
    const known = await ends(evidence);
    if (!known) return undefined;
    const ours = there.host.events.all(
      ({ time, peer }) =>
        Date.parse(time) >= outcome.began - SLACK && peer !== undefined && isSame(peer, known.ours),
    );
    const came = ours.filter(({ event }) => event === 'receive');
    const last = came.at(-1);
    // A program that reports its sends has sent nothing. One that reports only receipts may have: the line claims no more.
    if (!last || ours.some(({ event }) => event === 'send')) return undefined;
    const bytes = came.reduce((sum, event: HostEvent) => sum + (event.bytes ?? 0), 0);
    const size = bytes === 1 ? '1 byte' : `${bytes} bytes`;
    return `${there.name} received ${size} (its event at ${clock(last.time)}), and its events show no answer`;
  },
};

/** `12:00:01.123456` */
function clock(time: string): string {
  return /T([\d:.]+)/.exec(time)?.[1] ?? time;
}

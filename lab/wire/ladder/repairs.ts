/** TCP segments that a cable has lost, and the retransmissions that came in their place. */
import type { Segment } from '../conversations/conversation.ts';
import type { Followed } from '../conversations/follow.ts';
import { sendsFirstByteOf } from '../sent-again.ts';
import { nanosecondsBetween } from '../stamp.ts';
import type { SeenFrame } from '../timeline.ts';
import type { CableView } from './cables.ts';

/** The views of cables, where a lost segment says when its retransmission came. */
export function withRepairs(
  cables: (seen: SeenFrame) => CableView | undefined,
  followed: Followed,
): (seen: SeenFrame) => CableView | undefined {
  return (seen) => {
    const view = cables(seen);
    const segment = view?.lost ? followed.of(seen) : undefined;
    const after = segment && repairedAfter(segment, (other) => cables(other)?.lost === true);
    if (!view || after === undefined) return view;
    return { ...view, notes: [...view.notes, `the retransmission came ${Math.round(after)} ms later`] };
  };
}

/**
 * Milliseconds from a lost segment to the arrival of the first retransmission of its first byte; undefined where no receiver
 * was seen to get one.
 */
function repairedAfter(lost: Segment, isLost: (seen: SeenFrame) => boolean): number | undefined {
  const { from, seen, conversation } = lost;
  const later = conversation.segments.slice(conversation.segments.indexOf(lost) + 1);
  for (const one of later) {
    if (one.from !== from || !one.resent || !sendsFirstByteOf(seen.frame, one.seen.frame)) continue;
    const came = one.seen.sightings.find(({ way }) => way === 'in');
    if (came && !isLost(one.seen)) return nanosecondsBetween(seen.sightings[0]!, came) / 1e6;
  }
  return undefined;
}

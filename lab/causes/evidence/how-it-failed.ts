/** How a step failed, by the facts of the first of its checks that did not hold. */
import type { FailureKind } from '../../agent/protocol.ts';
import { addressesOf } from '../../model/planned.ts';
import type { Judged } from '../../outcomes/check.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { Machine } from './machine.ts';

/** `silence`: not all came in the time there was. `end`: the peer's FIN came in place of what was asked for. */
export type How = Exclude<FailureKind, 'timeout'> | 'silence' | 'end';

/** Undefined where `wrong` did not fail by silence or refusal: what came and was not as expected is neither. */
export function howOf({ failure }: Outcome, checks: readonly Judged[], wrong: Judged): How | undefined {
  if (failure) {
    if (isClaimed(checks) && !isAboutComing(wrong)) return undefined;
    return failure.kind === 'timeout' ? 'silence' : failure.kind;
  }
  if (wrong.kind === 'received') {
    if (wrong.came === 'end') return 'end';
    return wrong.came === 'nothing' || wrong.came === 'part' ? 'silence' : undefined;
  }
  return wrong.kind === 'seen' && wrong.came === 'nothing' ? 'silence' : undefined;
}

/** The step asked for this failure, and has it: it is not what went wrong. */
function isClaimed(checks: readonly Judged[]): boolean {
  return checks.some(({ held, kind }) => held && kind === 'failed');
}

/** It waits for something that a failure may have kept from coming: an event, bytes, a frame. */
function isAboutComing({ kind }: Judged): boolean {
  return kind === 'seen' || kind === 'received' || kind === 'wire';
}

/**
 * Whether what `wrong` waits for can come from the host that the step spoke to, or from one inside to whom that one's
 * NAT leads. A third host that saw nothing says nothing of the way to it.
 */
export function isAwaitedFrom(there: Machine, wrong: Judged, all: readonly Machine[]): boolean {
  if (wrong.kind !== 'seen' || wrong.by === there.name) return true;
  const cards = all.find(({ name }) => name === wrong.by)?.cards ?? [];
  const own = cards.flatMap((card) => addressesOf(card));
  return there.host.plan.nat?.ports.some(({ to }) => own.includes(to)) === true;
}

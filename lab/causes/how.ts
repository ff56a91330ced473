/** How a step failed, by the first of its checks that did not hold; its words are those of lab/expectations. */
import type { FailureKind } from '../agent/protocol.ts';
import type { Check, Outcome } from '../outcomes/outcome.ts';
import { showFailure } from '../outcomes/show.ts';
import { addressesOf } from '../scenario/planned.ts';
import type { Machine } from './machine.ts';

/** `silence`: nothing came in the time there was. `end`: the peer's FIN came in place of what was asked for. */
export type How = Exclude<FailureKind, 'timeout'> | 'silence' | 'end';

/** Undefined where `wrong` did not fail by silence or refusal: what came and was not as expected is neither. */
export function howOf({ failure }: Outcome, checks: readonly Check[], wrong: Check): How | undefined {
  if (failure) {
    if (isExpected(showFailure(failure), checks) && !isAboutComing(wrong)) return undefined;
    return failure.kind === 'timeout' ? 'silence' : failure.kind;
  }
  const { what, found, why = '' } = wrong;
  if (what.startsWith('received') && found === 'nothing')
    return /ended the stream/.test(why) ? 'end' : 'silence';
  if (what.startsWith('received') && /^no more in |; no more in /.test(why)) return 'silence';
  if (isSighting(wrong) && /^no event of any client/.test(found ?? '')) return 'silence';
  return undefined;
}

/** The step asked for this failure, and has it: it is not what went wrong. */
function isExpected(failure: string, checks: readonly Check[]): boolean {
  return checks.some(({ held, what }) => held && what === failure);
}

/** It waits for something that a failure may have kept from coming: an event, bytes, a frame. */
function isAboutComing({ what }: Check): boolean {
  return /^(seen by|received|on \S+'s wire)/.test(what);
}

/** It waits for an event of a host: what happens to answers has nothing to do with it. */
export function isSighting({ what }: Check): boolean {
  return what.startsWith('seen by');
}

/**
 * Whether what `wrong` waits for can come from the host that the step spoke to, or from one inside to whom that one's
 * NAT leads. A third host that saw nothing says nothing of the way to it.
 */
export function isAwaitedFrom(there: Machine, { what }: Check, all: readonly Machine[]): boolean {
  const by = /^seen by ([^\s:]+)/.exec(what)?.[1];
  if (by === undefined || by === there.name) return true;
  const cards = all.find(({ name }) => name === by)?.cards ?? [];
  const own = cards.flatMap((card) => addressesOf(card));
  return there.host.plan.nat?.ports.some(({ to }) => own.includes(to)) === true;
}

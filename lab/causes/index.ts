/**
 * Why a step failed: the causes that there are, and the first of them that the evidence of one failure shows. A cause
 * is one file and one row.
 */
import type { StepContext } from '../outcomes/context.ts';
import type { Check, Outcome } from '../outcomes/outcome.ts';
import type { Step } from '../scenario/types.ts';
import { backlog } from './backlog.ts';
import type { Cause } from './cause.ts';
import { cut } from './cut.ts';
import { down } from './down.ts';
import { ended } from './ended.ts';
import { type Evidence, gather } from './evidence.ts';
import { gone } from './gone.ts';
import { howFar } from './how-far.ts';
import { inUse } from './in-use.ts';
import { lostAddress } from './lost-address.ts';
import { noRoute } from './no-route.ts';
import { nobody } from './nobody.ts';
import { nobodyListens } from './nobody-listens.ts';
import { notAvailable } from './not-available.ts';
import { notForwarding } from './not-forwarding.ts';
import { notListening } from './not-listening.ts';
import { notPermitted } from './not-permitted.ts';
import { otherSource } from './other-source.ts';
import { paused } from './paused.ts';
import { pingIgnored } from './ping-ignored.ts';
import { rule } from './rule.ts';
import { serverEnded } from './server-ended.ts';
import { tooLarge } from './too-large.ts';
import { unanswered } from './unanswered.ts';
import { unplugged } from './unplugged.ts';
import { unread } from './unread.ts';
import { wrongNeighbour } from './wrong-neighbour.ts';
import { zeroWindow } from './zero-window.ts';

/** From the host's own sockets down to the cable, and up again at the other end: the first that is shown wins. */
export const causes: readonly Cause[] = [
  ...[tooLarge, notAvailable, inUse, notPermitted],
  ...[unplugged, down, cut, lostAddress, noRoute, notForwarding, nobody, wrongNeighbour],
  ...[rule, pingIgnored, nobodyListens, backlog, zeroWindow, notListening, ended, gone, paused, serverEnded],
  ...[otherSource, unread, unanswered, howFar],
];

/** Milliseconds in which a cause has to be found. */
const PATIENCE = 2000;

/**
 * One line of cause for a step of which some check did not hold; undefined where none is certain. Looks at tables,
 * events and captures alone: what was on the wire is not added to. Never throws.
 */
export async function explain(
  step: Step,
  outcome: Outcome,
  checks: readonly Check[],
  context: StepContext,
): Promise<string | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => limit.resolve(undefined), PATIENCE);
  try {
    const evidence = await Promise.race([gather(step, outcome, checks, context), limit.promise]);
    return evidence && (await firstOf(evidence, limit.promise));
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** The checks of a step with the cause before the `why` of the first that did not hold. */
export async function withCause(
  step: Step,
  outcome: Outcome,
  checks: Check[],
  context: StepContext,
): Promise<Check[]> {
  const at = checks.findIndex(({ held, incomplete }) => !held && !incomplete);
  const wrong = checks[at];
  const cause = wrong && (await explain(step, outcome, checks, context));
  if (!wrong || cause === undefined) return checks;
  const kept = addsNothing(wrong.why, cause, outcome) ? undefined : wrong.why;
  return checks.with(at, { ...wrong, why: kept === undefined ? cause : `${cause}; ${kept}` });
}

/** What a RST or an ICMP message means in general, and a kernel's own words for it, are said better by the cause. */
function addsNothing(why: string | undefined, cause: string, { failure }: Outcome): boolean {
  if (why === undefined || why === failure?.message) return true;
  return /^(RST|port unreachable)/.test(cause) && /nothing (listens on port|on \S+ has UDP port)/.test(why);
}

/** All look at once; a cause that is sure waits for those before it, for as long as there is time. */
async function firstOf(evidence: Evidence, limit: Promise<undefined>): Promise<string | undefined> {
  const looks = causes.map((cause) => cause.find(evidence).catch(() => undefined));
  for (const look of looks) {
    const found = await Promise.race([look, limit]);
    if (found !== undefined) return found;
  }
  return undefined;
}

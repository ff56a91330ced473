/**
 * Why a step failed: the causes that there are, and the first of them that the evidence of one failure shows. A cause
 * is one file and one row.
 */
import { patient } from '../agent/patience.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Check, Outcome } from '../outcomes/outcome.ts';
import type { Step } from '../scenario/types.ts';
import { backlog } from './backlog.ts';
import type { Cause, WayCause } from './cause.ts';
import { cut } from './cut.ts';
import { down } from './down.ts';
import { ended } from './ended.ts';
import { type Evidence, gather } from './evidence.ts';
import { gone } from './gone.ts';
import { howFar } from './how-far.ts';
import { inUse } from './in-use.ts';
import { showLed } from './led.ts';
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
import { isTranslated, type Leg } from './station.ts';
import { tooLarge } from './too-large.ts';
import { unanswered } from './unanswered.ts';
import { unplugged } from './unplugged.ts';
import { unread } from './unread.ts';
import { wrongNeighbour } from './wrong-neighbour.ts';
import { zeroWindow } from './zero-window.ts';

/** What the host's own kernel keeps to itself. */
const OWN: readonly Cause[] = [tooLarge, notAvailable, inUse, notPermitted];
/** Hosts on the way, and the cables between them. */
const WAY: readonly WayCause[] = [
  ...[unplugged, down, lostAddress, notForwarding, rule],
  ...[noRoute, cut, nobody, wrongNeighbour],
];
/** Who was asked. */
const THERE: readonly Cause[] = [
  ...[pingIgnored, serverEnded, nobodyListens, backlog, zeroWindow, notListening, ended, gone, paused],
];
/** No table shows a cause. */
const TRACES: readonly Cause[] = [otherSource, unread, unanswered, howFar];

/** In the order in which a packet meets them: the way there, who was asked, and then the way back, for WAY again. */
export const causes: readonly { word: string }[] = [...OWN, ...WAY, ...THERE, ...TRACES];

/** Milliseconds in which a cause has to be found: far more than it takes, but on a machine that has too much to do. */
const PATIENCE = 10_000;

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
  const timer = setTimeout(() => limit.resolve(undefined), patient(PATIENCE));
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
  const said = /(^|; )(RST|port unreachable) from /.test(cause);
  return said && /nothing (listens on port|on \S+ has UDP port)/.test(why);
}

type Look = Promise<string | undefined>;

/** All look at once; a cause that is sure waits for those before it, for as long as there is time. */
async function firstOf(evidence: Evidence, limit: Promise<undefined>): Promise<string | undefined> {
  const stages = [
    ask(OWN, evidence),
    along('forth', evidence),
    behind(ask(THERE, evidence), evidence),
    along('back', evidence),
    behind(ask(TRACES, evidence), evidence),
  ].map((stage) => Promise.resolve(stage).catch((): Look[] => []));
  for (const stage of stages) {
    for (const look of (await Promise.race([stage, limit])) ?? []) {
      const found = await Promise.race([look, limit]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function ask(some: readonly Cause[], evidence: Evidence): Look[] {
  // Captures know nothing of what a router forwards: to whom it leads there is no packet of ours.
  const asked = some.filter((cause) => cause !== howFar || evidence.led.length === 0);
  return asked.map((cause) => cause.find(evidence).catch(() => undefined));
}

/** From host to host: what is nearer to the sender keeps a packet from all that is behind it. */
async function along(leg: Leg, evidence: Evidence): Promise<Look[]> {
  const stations = await evidence.stations(leg);
  const first = stations.findIndex(isTranslated);
  return stations.flatMap((station, index) => {
    const looks = WAY.map((cause) => cause.find(evidence, station).catch(() => undefined));
    return leg === 'back' || (first >= 0 && index >= first) ? behind(looks, evidence) : looks;
  });
}

/** Said of whom a router's port leads to. */
function behind(looks: Look[], { led, all }: Evidence): Look[] {
  if (led.length === 0) return looks;
  return looks.map(async (look) => {
    const found = await look;
    return found === undefined ? undefined : `${showLed(led, all)}; ${found}`;
  });
}

/**
 * Why a step failed: all causes, and the first of them that the evidence of one failure shows. A cause is one file and
 * one row.
 */

import { patient } from '../agent/patience.ts';
import { NOT_TLS } from '../agent/protocol.ts';
import type { Step } from '../model/types.ts';
import type { Check, Judged } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { answeredInTls } from './answered-in-tls.ts';
import { askedInPlain } from './asked-in-plain.ts';
import { backlog } from './backlog.ts';
import { blackHole } from './black-hole.ts';
import type { Cause, PathCause } from './cause.ts';
import { cut } from './cut.ts';
import { delay } from './delay.ts';
import { directedBroadcast } from './directed-broadcast.ts';
import { down } from './down.ts';
import { duplicate } from './duplicate.ts';
import { ended } from './ended.ts';
import { type Evidence, gather } from './evidence/evidence.ts';
import { showForwardedPorts } from './evidence/forwarded-ports.ts';
import { isTranslated, type Leg } from './evidence/path-host.ts';
import { Unanswered } from './evidence/unanswered.ts';
import { gone } from './gone.ts';
import { hopLimit } from './hop-limit.ts';
import { icmpError } from './icmp-error.ts';
import { impaired } from './impaired.ts';
import { inUse } from './in-use.ts';
import { kissed } from './kissed.ts';
import { lastSeen } from './last-seen.ts';
import { loop } from './loop.ts';
import { lostAddress } from './lost-address.ts';
import { machineGone } from './machine-gone.ts';
import { moved } from './moved.ts';
import { narrowCard } from './narrow-card.ts';
import { natMapping } from './nat-mapping.ts';
import { noRoute } from './no-route.ts';
import { nobody } from './nobody.ts';
import { nobodyListens } from './nobody-listens.ts';
import { notAvailable } from './not-available.ts';
import { notForwarding } from './not-forwarding.ts';
import { notFound } from './not-found.ts';
import { notListening } from './not-listening.ts';
import { notPermitted } from './not-permitted.ts';
import { notTls } from './not-tls.ts';
import { nothingSent } from './nothing-sent.ts';
import { otherName } from './other-name.ts';
import { otherSigner } from './other-signer.ts';
import { otherSource } from './other-source.ts';
import { outOfDate } from './out-of-date.ts';
import { paused } from './paused.ts';
import { pingIgnored } from './ping-ignored.ts';
import { reversePath } from './reverse-path.ts';
import { rule } from './rule.ts';
import { serverEnded } from './server-ended.ts';
import { tooLarge } from './too-large.ts';
import { tunnel } from './tunnel.ts';
import { unanswered } from './unanswered.ts';
import { unplugged } from './unplugged.ts';
import { unread } from './unread.ts';
import { wrongNeighbour } from './wrong-neighbour.ts';
import { zeroWindow } from './zero-window.ts';

/** Causes at the host's own kernel, before anything is sent. */
const OWN: readonly Cause[] = [tooLarge, notAvailable, inUse, notPermitted, nothingSent, moved, machineGone];
/** Causes at hosts on the way, and on the cables between them. */
const ON_PATH: readonly PathCause[] = [
  ...[unplugged, down, lostAddress, reversePath, notForwarding, hopLimit, directedBroadcast, rule],
  ...[noRoute, loop, tunnel, cut, impaired, nobody, narrowCard, wrongNeighbour],
];
/** Causes at the target. */
const THERE: readonly Cause[] = [
  ...[
    pingIgnored,
    serverEnded,
    natMapping,
    nobodyListens,
    backlog,
    zeroWindow,
    notListening,
    askedInPlain,
    ended,
    gone,
    paused,
  ],
];
/** Causes where no table shows one. */
const TRACES: readonly Cause[] = [delay, blackHole, icmpError, otherSource, unread, unanswered, lastSeen];
/** A web server answered, but not with what was asked for. */
const ANSWERED: readonly Cause[] = [
  kissed,
  notFound,
  answeredInTls,
  notTls,
  otherName,
  otherSigner,
  outOfDate,
];
/** Something came that was not expected. */
const TOO_MUCH: readonly Cause[] = [duplicate];

/** In the order in which a packet meets them: the way there, the target, and then the way back, for ON_PATH again. */
export const causes: readonly { word: string }[] = [
  ...OWN,
  ...ON_PATH,
  ...THERE,
  ...TRACES,
  ...ANSWERED,
  ...TOO_MUCH,
];

/** Milliseconds in which a cause has to be found. It takes far less, except on a machine that has too much to do. */
const CAUSE_FOUND_WITHIN = 60_000;

/** A cause that the evidence shows. */
export interface Finding {
  /** The line of the cause. */
  says: string;
  /** The line says what the RST or the ICMP error that came means. */
  saysRefusal: boolean;
}

/**
 * The cause of a step whose check did not hold; undefined where no cause is certain. Decides on the facts of the
 * checks. Looks at tables, events and captures alone: it sends no test packets. A bug in a cause rejects.
 */
export async function explain(
  at: string,
  outcome: Outcome,
  checks: readonly Judged[],
  context: StepContext,
): Promise<Finding | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => limit.resolve(undefined), patient(CAUSE_FOUND_WITHIN));
  const search: Search = { limit: limit.promise, bugs: [] };
  try {
    const gathering = watched(gather(at, outcome, checks, context), search);
    const evidence = await Promise.race([gathering, limit.promise]);
    const found = evidence && (await firstOf(evidence, search));
    if (search.bugs.length > 0) throw search.bugs[0];
    return found;
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
  const cause = wrong && (await explain(step.at, outcome, checks, context));
  if (!wrong || !cause) return checks;
  const kept = addsNothing(wrong, cause) ? undefined : wrong.why;
  return checks.with(at, { ...wrong, why: kept === undefined ? cause.says : `${cause.says}; ${kept}` });
}

/** Whether the cause replaces the `why` of a check: the kernel's words, or the general meaning of a RST or ICMP error. */
function addsNothing(wrong: Judged, { saysRefusal }: Finding): boolean {
  return wrong.kind === 'failed' || (saysRefusal && wrong.kind === 'wire' && wrong.refusal === true);
}

/** A search in progress: the time limit, and the errors in it that are bugs. */
interface Search {
  limit: Promise<undefined>;
  bugs: unknown[];
}

type Look = Promise<Finding | undefined>;

/** Turns Unanswered into undefined. Any other error is a bug: it is kept, and the search ends with it. */
async function watched<Answer>(look: Promise<Answer>, { bugs }: Search): Promise<Answer | undefined> {
  try {
    return await look;
  } catch (error) {
    if (!(error instanceof Unanswered)) bugs.push(error);
    return undefined;
  }
}

/** All causes look at the same time. One that is certain waits for those before it, until the time limit. */
async function firstOf(evidence: Evidence, search: Search): Promise<Finding | undefined> {
  const stages = stagesOf(evidence, search).map((stage) => watched(Promise.resolve(stage), search));
  for (const stage of stages) {
    for (const look of (await Promise.race([stage, search.limit])) ?? []) {
      const found = await Promise.race([look, search.limit]);
      if (found !== undefined || search.bugs.length > 0) return found;
    }
  }
  return undefined;
}

/** Nothing is looked for on the way where too much came, or an answer that is complete. */
function stagesOf(evidence: Evidence, search: Search): (Look[] | Promise<Look[]>)[] {
  if (evidence.symptom === 'extra') return [ask(TOO_MUCH, evidence, search)];
  const { symptom, outcome } = evidence;
  if (symptom === 'status' || symptom === 'untrusted' || hasAnswered(outcome))
    return [behind(ask(ANSWERED, evidence, search), evidence)];
  return [
    ask(OWN, evidence, search),
    along('forth', evidence, search),
    behind(ask(THERE, evidence, search), evidence),
    along('back', evidence, search),
    behind(ask(TRACES, evidence, search), evidence),
  ];
}

/** Something came in place of an answer. */
function hasAnswered({ failure }: Outcome): boolean {
  return failure?.came !== undefined || failure?.errno === NOT_TLS;
}

function ask(some: readonly Cause[], evidence: Evidence, search: Search): Look[] {
  // Captures do not show the forwards of a router: behind it no captured packet has the step's own address.
  const asked = some.filter((cause) => cause !== lastSeen || evidence.forwards.length === 0);
  return asked.map((cause) => finding(cause, cause.find(evidence), search));
}

async function finding(
  { saysRefusal }: Pick<Cause, 'saysRefusal'>,
  look: Promise<string | undefined>,
  search: Search,
): Look {
  const says = await watched(look, search);
  return says === undefined ? undefined : { says, saysRefusal: saysRefusal === true };
}

/** From host to host: a cause near the sender keeps the packet from all later hosts. */
async function along(leg: Leg, evidence: Evidence, search: Search): Promise<Look[]> {
  if (leg === 'forth' && !(await evidence.sends())) return [];
  const pathHosts = await evidence.pathHosts(leg);
  const first = pathHosts.findIndex(isTranslated);
  return pathHosts.flatMap((pathHost, index) => {
    const looks = ON_PATH.map((cause) => finding(cause, cause.find(evidence, pathHost), search));
    return leg === 'back' || (first >= 0 && index >= first) ? behind(looks, evidence) : looks;
  });
}

/** Puts the forwarded ports before each finding about a host behind them. */
function behind(looks: Look[], { forwards, all }: Evidence): Look[] {
  if (forwards.length === 0) return looks;
  return looks.map(async (look) => {
    const found = await look;
    return found && { ...found, says: `${showForwardedPorts(forwards, all)}; ${found.says}` };
  });
}

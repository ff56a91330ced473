/** A link, or a fault of a link, lost frames of the step: the cable has a verdict on each. */

import { printPace } from '../model/link-words.ts';
import type { CableVerdict } from '../outcomes/cable-record.ts';
import { printImpairer } from '../outcomes/cable-record.ts';
import { showTime } from '../outcomes/show.ts';
import { sendsFirstByteOf } from '../wire/sent-again.ts';
import type { SeenFrame } from '../wire/timeline.ts';
import type { PathCause } from './cause.ts';
import { connectionAt, type Evidence } from './evidence/evidence.ts';
import { isWithoutAnswer, neighbourOf } from './evidence/neighbour.ts';
import type { Hop } from './evidence/path.ts';
import type { PathHost } from './evidence/path-host.ts';
import { asks, cameTo, fits, nameOf, type Sought } from './evidence/seen-frames.ts';
import { answersFor, type JudgedFrame } from './evidence/verdicts.ts';

const ETHERNET = 14;
/** The most frame numbers in a line. */
const TOLD = 5;

export const impaired: PathCause = {
  word: 'impaired',
  async find(evidence, pathHost) {
    const { symptom, target } = evidence;
    if (!pathHost.by || !target || (symptom !== 'silence' && symptom !== 'unreachable')) return undefined;
    const lost = (await evidence.verdicts()).filter(({ verdict }) => isLost(verdict));
    const there = lost.filter(({ verdict }) => isOnTheWay(verdict, pathHost));
    const { source, destination } = pathHost.after;
    const sought = { transport: target.transport, from: source, to: destination };
    const own = there.filter((one) => fits(one, sought));
    if (own.length > 0) return saying(own, pathHost, evidence, sought);
    return pathHost.leaves && questionLost(lost, pathHost.leaves, pathHost, evidence);
  },
};

/** A corrupted frame is lost too: its receiver finds the checksum wrong. */
function isLost({ did }: CableVerdict): boolean {
  return did === 'dropped' || did === 'corrupted';
}

/** Whether the verdict is about the way out of the host, or the way in to the next one. */
function isOnTheWay({ host, card, direction }: CableVerdict, { machine, by, leaves }: PathHost): boolean {
  if (direction === 'out') return host === machine.name && card === by?.name;
  return host === leaves?.to.name && card === leaves.in.name;
}

/** Whether TCP has repaired the loss: then nothing at the sender waits for an acknowledgement. */
async function isMended(evidence: Evidence, { leg }: PathHost): Promise<boolean> {
  const { target, outcome, here, there } = evidence;
  if (target?.transport !== 'tcp' || outcome.failure?.syscall === 'connect') return false;
  const ours = await evidence.local();
  const machine = leg === 'forth' ? here : there;
  if (!ours || !machine) return true;
  const [own, peer] = leg === 'forth' ? [ours, target] : [target, ours];
  const socket = await connectionAt(machine, own, peer);
  return socket === undefined || socket.sendQueue === 0;
}

/** The question for the next hop's MAC, or its answer, was lost: so nothing else could be sent. */
async function questionLost(
  lost: readonly JudgedFrame[],
  hop: Hop,
  pathHost: PathHost,
  evidence: Evidence,
): Promise<string | undefined> {
  const { from, out, next, to } = hop;
  const entry = await neighbourOf(from, next, out.name);
  if (!entry || !isWithoutAnswer(entry)) return undefined;
  const asked = lost.filter(({ verdict, frame }) => {
    return isOnTheWay(verdict, pathHost) && asks(frame, pathHost.after.source.address, next);
  });
  if (asked.length > 0) return saying(asked, pathHost, evidence);
  const back = { machine: to, by: hop.in, leaves: { ...hop, to: from, in: out } };
  const told = lost.filter(({ verdict, frame }) => {
    return isOnTheWay(verdict, { ...pathHost, ...back }) && answersFor(frame, next);
  });
  return told.length > 0 ? saying(told, { ...pathHost, machine: to }, evidence) : undefined;
}

/** A line about the first frame, and all others with the same verdict of the same impairment on this cable. */
async function saying(
  all: readonly JudgedFrame[],
  pathHost: PathHost,
  evidence: Evidence,
  sought?: Sought,
): Promise<string | undefined> {
  const { machine, leaves } = pathHost;
  const { context } = evidence;
  const { verdict, frame } = all[0]!;
  const impairer = context.cables.impairerOf(verdict);
  if (!impairer) return undefined;
  const alike = all.filter((one) => {
    const { stage, host, did, why } = one.verdict;
    const same =
      stage === verdict.stage && host === verdict.host && did === verdict.did && why === verdict.why;
    return same && nameOf(one) === nameOf({ frame });
  });
  const one = alike.length === 1;
  const name = one ? nameOf({ frame }) : `${alike.length} ${plural(nameOf({ frame }))}`;
  const done = whatWasDone(verdict, impairer.impairment, one);
  const told = `${name} left ${machine.name}, and ${done}: ${printImpairer(impairer)}, ${numbersOf(alike)}`;
  const isOver = sought !== undefined && (await isMended(evidence, pathHost));
  const again = sought && leaves ? await repairs(alike, sought, leaves, evidence, !isOver) : [];
  // A loss that TCP had repaired while the step still waited is no cause.
  if (isOver && !again.some(({ at }) => 1000 * at > evidence.began)) return undefined;
  return again.length === 0 ? told : `${told}; ${againOf(again, one)}`;
}

/** The arrival of a retransmission: milliseconds after the loss, and seconds since 1970. */
interface Repair {
  after: number;
  at: number;
}

/** Milliseconds in which a retransmission of an open connection is waited for: the first one leaves after 200 ms at the earliest. */
const SENT_AGAIN_WITHIN = 3_000;

/** The retransmissions of lost segments that arrived, as captures show; where it waits, there is time for the first one. */
async function repairs(
  lost: readonly JudgedFrame[],
  sought: Sought,
  { from, to }: Hop,
  evidence: Evidence,
  waits: boolean,
): Promise<Repair[]> {
  const { seen, outcome, context } = evidence;
  if (sought.transport !== 'tcp' || !seen?.captured(to.name)) return [];
  await seen.settled([from.name, to.name].filter(seen.captured));
  const open = outcome.failure?.syscall !== 'connect';
  const deadline = performance.now() + (waits && open ? SENT_AGAIN_WITHIN : 0);
  for (;;) {
    const again = repairsSoFar(lost, sought, to.name, evidence);
    if (again.length > 0 || performance.now() >= deadline) return again;
    await context.wire!.more(deadline);
  }
}

function repairsSoFar(
  lost: readonly JudgedFrame[],
  sought: Sought,
  host: string,
  { seen, context }: Evidence,
): Repair[] {
  const came = seen!.packets(sought).filter((one) => cameTo(one, host) && context.wire?.resent(one));
  return lost.flatMap(({ verdict, frame }) => {
    const again = came.filter((one) => sendsFirstByteOf(frame, one.frame));
    const at = again.map((one) => arrivedAt(one, host)).find((time) => time > verdict.time);
    return at === undefined ? [] : [{ at, after: 1000 * (at - verdict.time) }];
  });
}

/** Seconds since 1970. */
function arrivedAt({ sightings }: SeenFrame, host: string): number {
  const { seconds, nanoseconds } = sightings.find(({ card }) => card.host === host)!;
  return seconds + nanoseconds / 1e9;
}

function againOf(repairs: readonly Repair[], one: boolean): string {
  const last = showTime(Math.max(...repairs.map(({ after }) => after)));
  if (one) return `the retransmission came ${last} later`;
  return `the bytes of ${repairs.length} of them came again, up to ${last} later`;
}

type Done = NonNullable<ReturnType<Evidence['context']['cables']['impairerOf']>>['impairment'];

function whatWasDone({ host, did, why, length }: CableVerdict, { rate, mtu }: Done, one: boolean): string {
  const cable = `the cable of ${host}`;
  if (did === 'corrupted') return `${cable} turned a bit in ${one ? 'it' : 'each'}`;
  if (why === 'queue' && rate) return `the queue before ${printPace(rate)} on ${cable} was full`;
  if (why === 'mtu' && mtu !== undefined) {
    return `${length - ETHERNET} bytes are more than the MTU of ${mtu} on ${cable}, which tells nobody (a path-MTU black hole)`;
  }
  return `${cable} lost ${one ? 'it' : 'them'}`;
}

function plural(name: string): string {
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** `frame 5`, `frames 5, 9 and 2 more` */
function numbersOf(frames: readonly JudgedFrame[]): string {
  const numbers = frames.map(({ verdict }) => verdict.number);
  const more = numbers.length > TOLD ? ` and ${numbers.length - TOLD} more` : '';
  return `${numbers.length === 1 ? 'frame' : 'frames'} ${numbers.slice(0, TOLD).join(', ')}${more}`;
}

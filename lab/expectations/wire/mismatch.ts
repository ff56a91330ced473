/** Why a line was not met, for who has never seen a capture: what is missing, what came in its place, what that means. */
import { isGroupMac } from '../../wire/address.ts';
import type { Scope } from '../../wire/lines/condition.ts';
import { every, nearestFrame } from '../../wire/lines/expect.ts';
import { type End, isBetweenCards } from '../../wire/lines/line.ts';
import { all, differences, matches, type Pattern } from '../../wire/lines/match.ts';
import { addressesOf, isAddressOf } from '../../wire/lines/parties.ts';
import { printEnd, printParty } from '../../wire/lines/print.ts';
import type { SeenFrame } from '../../wire/timeline.ts';
import { elsewhere } from './elsewhere.ts';
import type { Explained, HostView } from './seen-through.ts';
import { aboutOf, type Meaning, meaningOf, showFrame, showKinds, showNumbers } from './words.ts';

/** A frame and the line it met. */
export interface Met {
  pattern: Pattern;
  seen: SeenFrame;
}

/**
 * Why no frame met `pattern` behind the one of `after`, or anywhere where there is none. Frames in `taken` have met
 * other lines.
 */
export function explainMissing(
  pattern: Pattern,
  after: Met | undefined,
  taken: ReadonlySet<SeenFrame>,
  seen: HostView,
): Explained {
  return (
    tooEarly(pattern, after, taken, seen) ??
    onlySo(pattern, taken, seen) ??
    elsewhere(pattern, seen) ??
    nearby(pattern, after, taken, seen) ??
    nothingLikeIt(pattern, after, seen)
  );
}

/** It came, but another line's frame came behind it. */
function tooEarly(
  pattern: Pattern,
  after: Met | undefined,
  taken: ReadonlySet<SeenFrame>,
  { frames, scope }: HostView,
): Explained | undefined {
  const early = after && frames.find((one) => !taken.has(one) && matches(pattern, one));
  if (!early) return undefined;
  return {
    found: `${showFrame(early, scope)} came before ${showFrame(after.seen, scope)}, not after it`,
    why: 'lines are met in the order written; `any_order` asks for none',
  };
}

/** Every frame that would do has met another line. */
function onlySo(
  pattern: Pattern,
  taken: ReadonlySet<SeenFrame>,
  { frames, scope }: HostView,
): Explained | undefined {
  const mine = frames.filter((one) => taken.has(one) && matches(pattern, one));
  if (mine.length === 0) return undefined;
  const times = mine.length === 1 ? 'once' : `${mine.length} times`;
  const shown = mine.map((one) => showFrame(one, scope)).join(', ');
  return {
    found: `it came only ${times}: ${shown}`,
    why: 'a frame meets one line, and that has met a line above',
  };
}

/** The frame that came instead, and all its differences from the expected one. */
function nearby(
  pattern: Pattern,
  after: Met | undefined,
  taken: ReadonlySet<SeenFrame>,
  { frames, scope }: HostView,
): Explained | undefined {
  const from = behindOf(after, frames);
  const free = (some: readonly SeenFrame[]) => some.filter((one) => !taken.has(one));
  const before = free(frames.slice(0, from));
  const near = nearestFrame(pattern, [...before, ...free(frames.slice(from))], before.length);
  if (!near) return undefined;
  const behind = frames.indexOf(near) >= from;
  const intro = after ? (behind ? 'instead, this came: ' : 'nearest, but before that: ') : 'nearest: ';
  const meaning = meaningOf(near, scope.cards) ?? refusal(pattern, from, frames, scope);
  const found = `${intro}${showFrame(near, scope)}: ${differences(pattern, near).join('; ')}`;
  return { found, ...because(meaning) };
}

function because(meaning: Meaning | undefined): Explained {
  if (!meaning) return {};
  return { why: meaning.says, ...(meaning.refusal && { refusal: true }) };
}

function nothingLikeIt(pattern: Pattern, after: Met | undefined, { at, frames, scope }: HostView): Explained {
  const { protocol, source, destination } = pattern.line;
  const kind = protocol === 'frame' ? '' : `${protocol} `;
  const mine = frames.filter((one) => pattern.covers(one));
  const way = mine.length > 0 ? ([...whence('from', source), ...whence('to', destination)][0] ?? '') : '';
  const ends = source.party.kind === 'any' ? pattern.destination : pattern.source;
  const other = mine.some((one) => all(ends, one)) ? 'other ' : '';
  const found = `no ${other}${kind}frame ${way}was seen at ${at}; ${showKinds(frames)}`;
  const said = refusal(pattern, behindOf(after, frames), frames, scope);
  if (said) return { found, ...because(said) };
  const why = unanswered(pattern, frames, scope) ?? repeated(after, frames);
  return why === undefined ? { found } : { found, why };
}

/** ARP asked for the receiver, and nobody said that it is he: then nothing can be sent to him. */
function unanswered({ line }: Pattern, frames: readonly SeenFrame[], { cards }: Scope): string | undefined {
  if (isBetweenCards(line.protocol)) return undefined;
  const sought = addressesOf(line.destination.party, cards);
  const isHis = (one: SeenFrame, operation: number, of: 'targetAddress' | 'senderAddress') =>
    one.frame.arp?.operation === operation && sought.includes(one.frame.arp[of]);
  const asked = frames.filter((one) => isHis(one, 1, 'targetAddress'));
  if (asked.length === 0 || frames.some((one) => isHis(one, 2, 'senderAddress'))) return undefined;
  const whom = printParty(line.destination.party);
  return `ARP asked who has ${whom} (${showNumbers(asked)}) and nobody answered: nothing can be sent there`;
}

/** The frame before the missing one was sent over and over, as is done where no answer comes. */
function repeated(after: Met | undefined, frames: readonly SeenFrame[]): string | undefined {
  const sent = after ? every(after.pattern, frames) : [];
  const [first] = sent;
  if (!after || !first || sent.length < 2) return undefined;
  if (frames.slice(frames.indexOf(first) + 1).some((one) => isBackFrom(first, one))) return undefined;
  return `\`${after.pattern.text}\` was sent ${sent.length} times (${showNumbers(sent)}) and nothing came back`;
}

/** It goes to the sender, from whom that one sent to where it was to one. */
function isBackFrom({ frame: sent }: SeenFrame, { frame }: SeenFrame): boolean {
  const { ethernet, ip } = sent;
  if (!ethernet || frame.ethernet?.destination !== ethernet.source) return false;
  return !ip || !frame.ip || isGroupMac(ethernet.destination) || frame.ip.source === ip.destination;
}

function whence(way: 'from' | 'to', end: End): string[] {
  return end.party.kind === 'any' ? [] : [`${way} ${printEnd(end)} `];
}

/** Where the frames begin that came after the one of the line before. */
function behindOf(after: Met | undefined, frames: readonly SeenFrame[]): number {
  return after ? frames.indexOf(after.seen) + 1 : 0;
}

/** An ICMP error about what was sent between the line's ends: the answer that came in place of the one wanted. */
function refusal(
  { line }: Pattern,
  from: number,
  frames: readonly SeenFrame[],
  { cards }: Scope,
): Meaning | undefined {
  if (isBetweenCards(line.protocol)) return undefined;
  const isSource = isAddressOf(line.source.party, cards);
  const isDestination = isAddressOf(line.destination.party, cards);
  const said = frames.slice(from).find((one) => {
    const about = aboutOf(one);
    if (!about) return false;
    const { source, destination } = about;
    return (
      (isSource(source, one.frame) && isDestination(destination, one.frame)) ||
      (isSource(destination, one.frame) && isDestination(source, one.frame))
    );
  });
  const meaning = said && meaningOf(said, cards);
  return meaning && { ...meaning, says: `frame ${said.number} is ${meaning.says}` };
}

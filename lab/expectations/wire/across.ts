/**
 * Lines in order where each can be of another host: a frame at one host, then a frame at another. Where the hosts are on several
 * machines, their clocks may not tell which of two came first. Then the check is incomplete.
 */
import type { Check } from '../../outcomes/check.ts';
import type { WireView } from '../../outcomes/context.ts';
import type { LineResult } from '../../wire/ladder/line-result.ts';
import { seenAt } from '../../wire/lines/expect.ts';
import { compile, matches, type Pattern } from '../../wire/lines/match.ts';
import { type Order, orderOf } from '../../wire/order.ts';
import { nanosecondsBetween } from '../../wire/stamp.ts';
import type { SeenFrame, Sighting } from '../../wire/timeline.ts';
import { explainMissing } from './mismatch.ts';
import type { Looking } from './seen-through.ts';
import type { Placed } from './value.ts';
import { showFrame, showNumbers } from './words.ts';

/** A line and the host that must have seen its frame. */
interface Asked {
  pattern: Pattern;
  at: string;
}

/** A frame as a host saw it. */
interface Event {
  seen: SeenFrame;
  sighting: Sighting;
}

export async function lookAcross(lines: readonly Required<Placed>[], looking: Looking): Promise<Check> {
  const { wire, scope, deadline } = looking;
  const asked = lines.map(({ line, text, at }): Asked => ({ pattern: compile(line, text, scope), at }));
  const hosts = [...new Set(asked.map(({ at }) => at))];
  const hasCome = () =>
    isWhole(
      asked,
      chain(asked, wire, (order) => order !== 'after'),
    );
  while (!hasCome() && performance.now() < deadline) await wire.more(deadline);
  const { incomplete } = hasCome() ? await wire.drain(hosts) : await wire.barrier(hosts);
  return checkOf(asked, hosts, incomplete, looking);
}

function isWhole(asked: readonly Asked[], met: readonly Event[]): boolean {
  return met.length === asked.length;
}

/**
 * For each line the earliest frame at its host whose order to the frame before will do. Ends at the first line without one. All
 * frames that may meet a line are on one clock, so a later one would not help the lines behind.
 */
function chain(asked: readonly Asked[], wire: WireView, will: (order: Order) => boolean): Event[] {
  const everywhere = wire.frames();
  const met: Event[] = [];
  for (const { pattern, at } of asked) {
    const last = met.at(-1);
    const next = eventsAt(everywhere, at).find(
      ({ seen, sighting }) =>
        matches(pattern, seen) &&
        (!last ||
          (sighting !== last.sighting && will(orderOf(last.sighting, sighting, everywhere, wire.clocks)))),
    );
    if (!next) break;
    met.push(next);
  }
  return met;
}

function eventsAt(everywhere: readonly SeenFrame[], host: string): Event[] {
  return seenAt(everywhere, host).map((seen) => ({
    seen,
    sighting: seen.sightings.find(({ card }) => card.host === host)!,
  }));
}

function checkOf(
  asked: readonly Asked[],
  hosts: readonly string[],
  incomplete: string | undefined,
  looking: Looking,
): Check {
  const { wire } = looking;
  const sure = chain(asked, wire, (order) => order === 'before');
  const possible = chain(asked, wire, (order) => order !== 'after');
  const met = isWhole(asked, possible) && !isWhole(asked, sure) ? possible : sure;
  const numbers = showNumbers(met.map(({ seen }) => seen));
  const facts = {
    kind: 'wire',
    at: hosts.join(', '),
    came: isWhole(asked, met) ? 'all' : met.length > 0 ? 'part' : 'nothing',
    frames: linesOf(asked, met),
  } as const;
  const what = `on the wire of ${hosts.join(' and ')}`;
  const order = `${asked.length === 1 ? '1 line' : `${asked.length} lines`} in order`;
  if (incomplete !== undefined)
    return {
      ...{ ...facts, what, held: false, incomplete: true, expected: 'a complete capture' },
      ...{ found: `${order}: ${met.length} met`, why: incomplete },
    };
  if (isWhole(asked, sure)) return { ...facts, what: `${what}: ${order} (${numbers})`, held: true };
  if (isWhole(asked, possible))
    return {
      ...{ ...facts, what: `${what}: ${order}`, held: false, incomplete: true },
      ...{ expected: order, ...unsure(possible, looking) },
    };
  return { ...facts, held: false, ...missing(asked, sure, looking, what) };
}

/** The first two frames of which nobody can tell which came first. */
function unsure(met: readonly Event[], { wire, scope }: Looking): Pick<Check, 'found' | 'why'> {
  const everywhere = wire.frames();
  const index = met.findIndex((event, index) => {
    const last = met[index - 1];
    return last && orderOf(last.sighting, event.sighting, everywhere, wire.clocks) === 'unsure';
  });
  const [one, other] = [met[index - 1]!, met[index]!];
  const [from, to] = [one.sighting.card.host, other.sighting.card.host];
  const apart = nanosecondsBetween(one.sighting, other.sighting);
  const { least, most } = wire.clocks.error(from, to);
  const wrong = Math.max(Math.abs(least), Math.abs(most));
  const machines = [from, to].map((host) => wire.clocks.machineOf(host)).join(' and ');
  const first = showFrame(one.seen, scope);
  const second = showFrame(other.seen, scope);
  return {
    found: `${first} at ${from} and ${second} at ${to} are ${showMilliseconds(Math.abs(apart))} apart`,
    why: Number.isFinite(wrong)
      ? `the clocks of the machines ${machines} are known to ${showMilliseconds(wrong)}, so the order of the two frames is not certain`
      : `the clocks of the machines ${machines} could not be compared in this step, so the order of the two frames is not certain`,
  };
}

/** Nanoseconds as `0.031 ms`. */
function showMilliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(3)} ms`;
}

function missing(
  asked: readonly Asked[],
  met: readonly Event[],
  { wire, scope }: Looking,
  where: string,
): Pick<Check, 'what' | 'expected' | 'found' | 'why'> {
  const { pattern, at } = asked[met.length]!;
  const last = met.at(-1);
  const after = last && ` after ${showFrame(last.seen, scope)} at ${last.sighting.card.host}`;
  const everywhere = wire.frames();
  const frames = seenAt(everywhere, at);
  const early = last && frames.find((seen) => matches(pattern, seen));
  const view = { at, frames, everywhere, scope, began: wire.began };
  const { found, why } = early
    ? {
        found: `${showFrame(early, scope)} was at ${at} before that`,
        why: 'lines are met in the order written; `any_order` asks for none',
      }
    : explainMissing(pattern, undefined, new Set(), view);
  return {
    what: `${where}: \`${pattern.text}\` never came at ${at}${after ? ' behind the line before' : ''}`,
    expected: `${pattern.text} at ${at}${after ?? ''}`,
    ...(found !== undefined && { found }),
    ...(why !== undefined && { why }),
  };
}

function linesOf(asked: readonly Asked[], met: readonly Event[]): LineResult[] {
  return asked.slice(0, met.length + 1).map(({ pattern, at }, index): LineResult => {
    const own = met[index];
    if (own) return { at, line: pattern.text, number: own.seen.number, status: 'matched' };
    const last = met.at(-1);
    return { at, line: pattern.text, ...(last && { after: last.seen.number }), status: 'missing' };
  });
}

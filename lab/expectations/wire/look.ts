/** Looks at a host's frames until what must come has come, and for as long as nothing else may come. */

import type { Check } from '../../outcomes/check.ts';
import type { WireView } from '../../outcomes/context.ts';
import type { Scope } from '../../wire/lines/condition.ts';
import { seenAt } from '../../wire/lines/expect.ts';
import { compile } from '../../wire/lines/match.ts';
import { lookAcross } from './across.ts';
import type { HostView, Looking } from './seen-through.ts';
import { type Sought, saysSomething, type View, viewpointsOf } from './value.ts';
import { type AskedFrames, claimsAbsence, hasCome, isBroken, type ListVerdict, verdicts } from './verdict.ts';

/** A check for each viewpoint, and one for lines in order that have hosts of their own. `host` is that of lines without one. */
export function looksAt(view: View, host: string, looking: Looking): Promise<Check>[] {
  const hosts = viewpointsOf(view, host);
  const { in_order: inOrder = [], ...rest } = view;
  if (inOrder.every(({ at }) => at === undefined)) return hosts.map((one) => lookAt(view, one, looking));
  const lines = inOrder.map((line) => ({ ...line, at: line.at ?? hosts[0]! }));
  const others = saysSomething(rest) ? hosts.map((one) => lookAt(rest, one, looking)) : [];
  return [lookAcross(lines, looking), ...others];
}

/** One viewpoint: everything that it asks for, in one check. */
async function lookAt(view: View, host: string, looking: Looking): Promise<Check> {
  const { wire, scope, deadline, hold } = looking;
  const asked = askedBy(view, scope);
  const frames = () => seenAt(wire.frames(), host);
  await watch(wire, deadline, () => isBroken(asked, frames()) || hasCome(asked, frames()));
  if (claimsAbsence(asked)) await watch(wire, performance.now() + hold, () => isBroken(asked, frames()));
  const open = claimsAbsence(asked) || !hasCome(asked, frames());
  // A frame that has not come is not yet missing: it may be here and not read.
  const sure = open && !isBroken(asked, frames());
  const { incomplete } = sure ? await wire.barrier([host]) : await wire.drain([host]);
  const everywhere = wire.frames();
  const seen: HostView = { at: host, frames: seenAt(everywhere, host), everywhere, scope, began: wire.began };
  const check = checkOf(verdicts(asked, seen), host, incomplete);
  return claimsAbsence(asked) && check.came !== 'more' ? { ...check, absence: true } : check;
}

/** Until it is so, or until then. */
async function watch(wire: WireView, until: number, isSo: () => boolean): Promise<void> {
  while (!isSo() && performance.now() < until) await wire.more(until);
}

function askedBy({ in_order, any_order, only, never, count }: View, scope: Scope): AskedFrames {
  const patterns = (lines: readonly Sought[] = []) =>
    lines.map(({ line, text }) => compile(line, text, scope));
  return {
    inOrder: patterns(in_order),
    anyOrder: patterns(any_order),
    only: patterns(only),
    never: patterns(never),
    count: (count ?? []).map(({ line, text, times }) => ({ pattern: compile(line, text, scope), times })),
  };
}

/**
 * A forbidden frame that came is told before a frame that has not come. The look ended with the forbidden one, and did
 * not wait for the rest.
 */
function firstWrong(all: readonly ListVerdict[]): ListVerdict | undefined {
  const wrong = all.filter(({ held }) => !held);
  return wrong.find(({ came }) => came === 'more') ?? wrong[0];
}

function checkOf(
  all: readonly ListVerdict[],
  host: string,
  incomplete: string | undefined,
): Check & { kind: 'wire' } {
  const frames = all.flatMap(({ lines }) => lines);
  const where = `on ${host}'s wire`;
  const wrong = firstWrong(all);
  const refusal = wrong?.refusal && { refusal: true as const };
  const facts = { kind: 'wire', at: host, came: wrong?.came ?? 'all', ...refusal } as const;
  if (incomplete !== undefined) {
    // Frames may have passed unseen: nothing can be said to be missing, nor that there was no other.
    const found = wrong ? `${wrong.what}: ${wrong.found}` : all.map(({ what }) => what).join('; ');
    const expected = 'a complete capture';
    const told = { what: where, expected, found, why: incomplete };
    return { ...facts, ...told, held: false, incomplete: true, frames };
  }
  if (!wrong)
    return { ...facts, what: `${where}: ${all.map(({ what }) => what).join('; ')}`, held: true, frames };
  const { what, expected, found, why } = wrong;
  return {
    ...facts,
    what: `${where}: ${what}`,
    held: false,
    ...(expected !== undefined && { expected }),
    ...(found !== undefined && { found }),
    ...(why !== undefined && { why }),
    frames,
  };
}

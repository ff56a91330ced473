/**
 * The faults that stand, followed from step to step while a scenario is read. So nothing is broken twice that can be broken
 * once, and nothing is healed that is whole.
 */

import type { Dangling } from '../hints/dangling-reference.ts';
import { nearest } from '../hints/nearest.ts';
import type { Breaking, Moving, Repair } from '../vocabulary.ts';

export interface Standing {
  as?: string | undefined;
  state: string;
  undo: string;
  /** The line of the step that made it. */
  line: number;
  /** The things that the fault still holds. */
  holds: Set<string>;
  moving?: Moving | undefined;
  /** The line of the step that ended it. */
  over?: number;
}

/** Notes a new fault. Returns the problem with it, if there is one. */
export function takeDown(
  faults: Standing[],
  breaking: Breaking,
  line: number,
): (Dangling & Pick<Breaking, 'path'>) | undefined {
  const { as, holds, state, undo, moving, outOf = [] } = breaking;
  const held = holds.flatMap((thing) => {
    const holder = holderOf(faults, thing);
    return holder && !outOf.includes(holder.state) ? [{ thing, holder }] : [];
  });
  const namesake = as === undefined ? undefined : faults.find((one) => one.as === as && !one.over);
  for (const thing of holds) release(faults, thing, line);
  faults.push({ as: namesake ? undefined : as, state, undo, line, holds: new Set(holds), moving });
  if (held[0]) {
    const { thing, holder } = held[0];
    const already = holder.state === state ? 'already ' : '';
    return {
      path: breaking.path,
      message: `${thing} is ${already}${holder.state} (line ${holder.line})`,
      hint:
        holder.undo === 'heal'
          ? 'give that fault a name with `as`, and heal it first'
          : `\`${holder.undo}\` comes first`,
    };
  }
  if (!namesake) return undefined;
  return {
    path: ['as'],
    message: `\`${as}\` is the name of another fault`,
    hint: `it is given on line ${namesake.line}; choose another, or heal that one first`,
  };
}

/** Notes that something is made whole. Returns the problem with that, if there is one. */
export function bringBack(faults: Standing[], repair: Repair, line: number): Dangling | undefined {
  return 'fault' in repair ? healNamed(faults, repair.fault, line) : healThings(faults, repair, line);
}

function healNamed(faults: Standing[], name: string, line: number): Dangling | undefined {
  const found = faults.findLast(({ as }) => as === name);
  if (!found) return unknownFault(faults, name);
  if (found.over !== undefined) {
    return { message: `\`${name}\` is over since line ${found.over}`, hint: 'leave this step out' };
  }
  found.over = line;
  found.holds.clear();
  return undefined;
}

function unknownFault(faults: Standing[], name: string): Dangling {
  const known = faults.flatMap(({ as, over }) => (as !== undefined && over === undefined ? [as] : []));
  const meant = nearest(name, known);
  return {
    message: `no earlier step gave a fault the name \`${name}\``,
    hint: meant ? `did you mean \`${meant}\`?` : `give it with \`as: ${name}\`: fault: { …, as: ${name} }`,
    allowed: known.length > 0 ? [...new Set(known)] : undefined,
  };
}

type RepairOfThings = Exclude<Repair, { fault: string }>;

function healThings(
  faults: Standing[],
  { things, ends, after }: RepairOfThings,
  line: number,
): Dangling | undefined {
  const held = things.flatMap((thing) => {
    const holder = holderOf(faults, thing);
    return holder ? [{ thing, holder }] : [];
  });
  const other = held.find(({ holder }) => !ends.includes(holder.state));
  for (const { thing } of held) release(faults, thing, line);
  if (other) {
    const { thing, holder } = other;
    return {
      message: `${thing} is ${holder.state} here (line ${holder.line}), not ${ends.join(' or ')}`,
      hint: `write \`${holder.undo}\``,
    };
  }
  if (held.length > 0 || after === undefined) return undefined;
  return {
    message: `${things.join(' and ')} ${things.length === 1 ? 'is' : 'are'} not ${ends.join(' or ')} here`,
    hint: `an earlier step must say \`fault: { ${after} }\``,
  };
}

function holderOf(faults: Standing[], thing: string): Standing | undefined {
  return faults.find(({ holds }) => holds.has(thing));
}

/** Takes a thing from the fault that holds it. A fault that holds nothing any more is over. */
function release(faults: Standing[], thing: string, line: number): void {
  const holder = holderOf(faults, thing);
  if (!holder) return;
  holder.holds.delete(thing);
  if (holder.holds.size === 0) holder.over = line;
}

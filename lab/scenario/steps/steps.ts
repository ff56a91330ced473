/** `steps:` read and checked against the vocabulary. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, type Node } from 'yaml';
import { z } from 'zod';
import type { Step } from '../../model/types.ts';
import { claims } from '../controls/claim.ts';
import { type Numbered, readControls, type Script } from '../controls/controls.ts';
import { check, soundPart } from '../text/check.ts';
import { type Page, refuse, whereIs } from '../text/page.ts';
import { describe, type Entry, entriesOf, placeOf, plain, readList } from '../text/tree.ts';
import { movedTopology, type Topology } from '../topology/topology.ts';
import { title } from '../values/values.ts';
import type { StepWord, Vocabulary } from '../vocabulary.ts';
import { readBefore } from './before.ts';
import {
  adviceOf,
  checkReferences,
  keyOf,
  type Left,
  type Reading,
  refuseObjections,
  scopeAt,
} from './reading.ts';
import { dangling } from './references.ts';
import { readDo } from './step-do.ts';
import { readExpect } from './step-expect.ts';
import {
  type Action,
  isStray,
  listHint,
  refuseSecond,
  refuseStepKey,
  STEP_KEYS,
  stepOfText,
} from './step-keys.ts';
import { followFaults, isWholeLab, refuseAt, refuseSteps } from './whole-lab.ts';

export const MOST_STEPS = 2000;

/** A step that has been read. */
interface Read {
  numbered: Numbered;
  /** Undefined where the item is not a step. */
  step: Step | undefined;
  /** The state after this step. */
  left: Left;
}

/** The steps in order; problems with them are noted on the page. */
export function readSteps(
  page: Page,
  { value, at }: Entry,
  vocabulary: Vocabulary,
  topology: Topology,
  changed: Script['changed'],
): Step[] {
  const items = readList(page, '`steps`', value, at, listHint(value)) ?? [];
  if (items.length > MOST_STEPS) refuse(page, at, `${items.length} steps are more than ${MOST_STEPS}`);
  const kept = items.slice(0, MOST_STEPS).map((item, at) => ({ item, index: at + 1 }));
  const all = readAll({ page, vocabulary, topology }, kept);
  const script: Script = {
    page,
    vocabulary,
    topology,
    changed,
    items: kept,
    read(other, items, there) {
      const before = there === topology ? sameStart(all, items) : [];
      return stepsOf(readAll({ page: other, vocabulary, topology: there }, items, before));
    },
  };
  return readControls(script, stepsOf(all));
}

function stepsOf(all: readonly Read[]): Step[] {
  return all.flatMap(({ step }) => step ?? []);
}

/** The steps with which these items begin too. Up to there nothing is different, and nothing has to be read again. */
function sameStart(all: readonly Read[], items: readonly Numbered[]): readonly Read[] {
  const other = items.findIndex((item, at) => all[at]?.numbered !== item);
  return all.slice(0, other < 0 ? items.length : other);
}

/** `before` holds the first of them, where they have been read. */
function readAll(
  { page, vocabulary, topology }: Pick<Script, 'page' | 'vocabulary' | 'topology'>,
  items: readonly Numbered[],
  before: readonly Read[] = [],
): readonly Read[] {
  const left: Left = before.at(-1)?.left ?? { named: new Map(), faults: [], moves: [], around: topology };
  const reading: Reading = { page, vocabulary, hosts: left.around.hosts, home: topology, ...left };
  const rest = items.slice(before.length).map((numbered): Read => {
    const step = readStep(reading, numbered.item, numbered.index);
    const { named, faults, moves, around } = reading;
    return { numbered, step, left: { named, faults, moves, around } };
  });
  return [...before, ...rest];
}

function readStep(reading: Reading, item: Node, index: number): Step | undefined {
  const { page, vocabulary } = reading;
  if (!isMap(item)) {
    refuse(page, item, `step ${index} is a map, found ${describe(item)}`, {
      hint: ({ host, other }) =>
        `write ${stepOfText(item, reading) ?? `{ at: ${host}, ping: { to: ${other} } }`}`,
    });
    return undefined;
  }
  const entries = entriesOf(item);
  const start = entries[0]?.at ?? item;
  const action = findAction(reading, entries, start, index);
  const at = isWholeLab(vocabulary, entries, action?.word)
    ? refuseAt(page, entries, action?.word)
    : readAt(reading, entries, start, { index, word: action?.word });
  const args = action && readArgs(reading, action, at);
  return {
    index,
    at: at ?? (action?.word.wholeLab ? 'lab' : ''),
    kind: action?.word.word ?? '',
    args,
    before: readBefore(page, keyOf(entries, 'before'), at, scopeAt(reading, at)),
    do: readDo(reading, entries, action?.word),
    ...readExpect(reading, entries, at, action?.word),
    ...readTexts(reading, entries),
    where: whereIs(page, start),
  };
}

/** The one word that says what the step does; every other key must be one that steps have. */
function findAction(
  reading: Reading,
  entries: readonly Entry[],
  start: Node,
  index: number,
): Action | undefined {
  const { page, vocabulary } = reading;
  const words = vocabulary.steps.map(({ word }) => word);
  const actions: Action[] = [];
  let unknown = 0;
  for (const entry of entries) {
    const word = vocabulary.steps.find((candidate) => candidate.word === entry.key);
    if (word) actions.push({ word, entry });
    else if (!(STEP_KEYS as readonly string[]).includes(entry.key)) {
      refuseStepKey(reading, entries, entry, index);
      unknown++;
    }
  }
  const [first, second] = actions;
  if (first && second) refuseSecond(page, entries, first, second, index);
  // An unknown key is most likely the word, mistyped; then that is reported already.
  if (!first && unknown === 0) {
    refuse(page, start, `step ${index} does nothing`, {
      hint: ({ other }) => `say what is done: ping: { to: ${other} }`,
      allowed: words,
    });
  }
  return first;
}

function readAt(
  reading: Reading,
  entries: readonly Entry[],
  start: Node,
  { index, word }: { index: number; word: StepWord | undefined },
): string | undefined {
  const entry = keyOf(entries, 'at');
  const hosts = [...reading.hosts.keys()];
  if (!entry) {
    // A key that is wrong may hold the host, or the word of the step; that is reported already.
    if (entries.some(({ key }) => isStray(reading, key, word !== undefined))) return undefined;
    refuse(reading.page, start, `step ${index} does not say at which host`, {
      hint: ({ host }) => `write at: ${host}, or another host`,
      allowed: hosts,
    });
    return undefined;
  }
  const several = plain(entry.value);
  if (Array.isArray(several) || several === 'all') {
    refuse(reading.page, entry.value ?? entry.at, 'a step is done at one host', {
      hint: ({ host }) => `write at: ${firstName(several) ?? host}, and a step for each of the others`,
      allowed: hosts,
    });
    return undefined;
  }
  const read = check(reading.page, z.string(), entry.value, entry.at, '`at`');
  if (!read) return undefined;
  const found = dangling({ path: [], is: 'host', value: read.value }, scopeAt(reading, undefined));
  if (found) refuse(reading.page, entry.value ?? entry.at, found.message, found);
  return found ? undefined : read.value;
}

function firstName(list: unknown): string | undefined {
  return Array.isArray(list) ? list.find((one) => typeof one === 'string') : undefined;
}

function readArgs(reading: Reading, { word, entry }: Action, at: string | undefined): unknown {
  refuseSteps(reading.page, reading.vocabulary, word, entry);
  const args = check(reading.page, word.schema, entry.value, entry.at, `\`${word.word}\``, () =>
    adviceOf(word, reading.page.names),
  );
  const sound = args ?? soundPart(word.schema, entry.value);
  const well = sound && checkReferences(reading, entry, at, word.references?.(sound.value) ?? []);
  if (word.breaks || word.repairs) {
    reading.faults = reading.faults.map((one) => ({ ...one, holds: new Set(one.holds) }));
    followFaults(reading, word, entry, well ? args : undefined);
    followMoves(reading);
  } else if (well && args) {
    const { hosts, around } = reading;
    refuseObjections(reading, entry, word.objections?.(args.value, hosts, around.known));
  }
  // The name counts even where the step is wrong: later steps that use it are not wrong.
  const given = args ? word.gives?.(args.value) : (plain(entry.value) as { as?: unknown } | null)?.as;
  if (at !== undefined && typeof given === 'string') giveName(reading, entry, at, given);
  return args?.value;
}

/** Later steps are read with the hosts where they are then. */
function followMoves(reading: Reading): void {
  const moves = reading.faults.flatMap(({ over, moving }) => (moving && over === undefined ? [moving] : []));
  if (isDeepStrictEqual(moves, reading.moves)) return;
  reading.moves = moves;
  reading.around = movedTopology(reading.home, moves);
  reading.hosts = reading.around.hosts;
}

function giveName(reading: Reading, entry: Entry, at: string, name: string): void {
  const { page, named } = reading;
  const place = placeOf(entry.value, ['as'], entry.at);
  const names = named.get(at) ?? new Map<string, number>();
  const line = names.get(name);
  if (line === undefined) {
    const more = new Map(names).set(name, whereIs(page, place).line);
    reading.named = new Map(named).set(at, more);
  } else {
    refuse(page, place, `\`${name}\` is the name of another conversation at \`${at}\``, {
      hint: `it is given on line ${line}; choose another`,
    });
  }
}

function readTexts({ page }: Reading, entries: readonly Entry[]): Pick<Step, 'name' | 'shows'> {
  const named = keyOf(entries, 'name');
  const shown = keyOf(entries, 'shows');
  const name = named && check(page, title, named.value, named.at, '`name`')?.value;
  const shows = shown && check(page, claims, shown.value, shown.at, '`shows`')?.value;
  return { ...(name !== undefined && { name }), shows: shows ?? [] };
}

/** `steps:` read and checked against the vocabulary. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, type Node } from 'yaml';
import { z } from 'zod';
import type { Host, Step } from '../../model/types.ts';
import type { Names } from '../../wire/lines/hint.ts';
import { claims } from '../controls/claim.ts';
import { type Numbered, readControls, type Script } from '../controls/controls.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import { check, soundPart } from '../text/check.ts';
import type { Advice } from '../text/findings.ts';
import { type Page, type Place, refuse, whereIs } from '../text/page.ts';
import {
  describe,
  type Entry,
  entriesOf,
  keyAt,
  partOf,
  placeOf,
  plain,
  readList,
  readMap,
} from '../text/tree.ts';
import { movedTopology, type Topology } from '../topology/topology.ts';
import { duration, title } from '../values/values.ts';
import {
  askedOf,
  type ExpectationWord,
  type Moving,
  type Objection,
  type Reference,
  type StepWord,
  type Vocabulary,
} from '../vocabulary.ts';
import { readBefore } from './before.ts';
import { dangling, type Scope } from './references.ts';
import type { Standing } from './standing-faults.ts';
import {
  type Action,
  doHint,
  isStray,
  listHint,
  refuseSecond,
  refuseStepKey,
  STEP_KEYS,
  stepOfText,
} from './step-keys.ts';
import { expectHint, type Forms, refuseExpected } from './unknown-expectation.ts';
import { followFaults, isWholeLab, refuseAt, refuseSteps } from './whole-lab.ts';

export const MOST_STEPS = 2000;

/** The state that steps leave for those after them. Its parts are replaced, not changed, so that it can be kept. */
interface Left {
  /** By host: the conversations named so far, and the lines where they are named. */
  named: ReadonlyMap<string, ReadonlyMap<string, number>>;
  faults: Standing[];
  /** Cards that are on other networks than at the beginning, and how the hosts stand then. */
  moves: readonly Moving[];
  around: Topology;
}

/** The state while steps are read one after the other. */
interface Reading extends Left {
  page: Page;
  vocabulary: Vocabulary;
  hosts: ReadonlyMap<string, Host>;
  /** As it is without any fault. */
  home: Topology;
}

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

function keyOf(entries: readonly Entry[], wanted: (typeof STEP_KEYS)[number]): Entry | undefined {
  return entries.find(({ key }) => key === wanted);
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

function scopeAt({ hosts, around, named }: Reading, at: string | undefined): Scope {
  const host = at === undefined ? undefined : hosts.get(at);
  return { at: host, hosts, around, conversations: named.get(at ?? '')?.keys() ?? [] };
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

/** The parts of a word that advice about its value needs. */
function adviceOf(word: StepWord | ExpectationWord, names: Names): Advice {
  const { example, sound } = askedOf(word, names);
  return { level: 'arguments', word: word.word, example, ...(sound && { sound }) };
}

function checkReferences(
  reading: Reading,
  entry: Entry,
  at: string | undefined,
  references: Reference[],
): boolean {
  let well = true;
  for (const reference of references) {
    const found = danglingAt(reading, at, reference);
    if (found) refuse(reading.page, placeOfReference(reference, entry), found.message, found);
    well &&= !found;
  }
  return well;
}

/** References that lead somewhere, by topology: each is asked once, for a scenario uses the same few again and again. */
const leading = new WeakMap<Topology, Set<string>>();

function danglingAt(reading: Reading, at: string | undefined, reference: Reference): Dangling | undefined {
  const { is, value, defaultPort, family, single } = reference;
  const scope = scopeAt(reading, at);
  if (is === 'conversation') return dangling(reference, scope);
  const known = leading.get(reading.around) ?? new Set<string>();
  leading.set(reading.around, known);
  const key = JSON.stringify([at, is, value, defaultPort, family, single]);
  if (known.has(key)) return undefined;
  const found = dangling(reference, scope);
  if (!found) known.add(key);
  return found;
}

function placeOfReference({ path, part, inKey }: Reference, { value, at }: Entry): Place {
  const key = inKey ? keyAt(value, path) : undefined;
  const place = key ?? placeOf(value, path, at);
  return partOf(place, part) ?? place;
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

function readDo(reading: Reading, entries: readonly Entry[], word: StepWord | undefined): unknown[] {
  const entry = keyOf(entries, 'do');
  if (!entry || !word) return [];
  const { action } = word;
  if (!action) {
    const takers = reading.vocabulary.steps.filter((one) => one.action).map((one) => one.word);
    const hint = takers.length > 0 ? `\`do\` goes with ${takers.join(', ')}` : 'leave it out';
    refuse(reading.page, entry.at, `\`${word.word}\` takes no \`do\``, { hint });
    return [];
  }
  const items = readList(reading.page, '`do`', entry.value, entry.at, doHint(entry)) ?? [];
  return items.flatMap((item, index) => {
    const read = check(reading.page, action, item, item, `entry ${index + 1} of \`do\``, () => ({
      level: 'arguments',
      word: 'do',
      example: { send: 'hello' },
    }));
    return read ? [read.value] : [];
  });
}

function readExpect(
  reading: Reading,
  entries: readonly Entry[],
  at: string | undefined,
  action: StepWord | undefined,
): Pick<Step, 'expect' | 'within' | 'for'> {
  const result: Pick<Step, 'expect' | 'within' | 'for'> = { expect: [] };
  const entry = keyOf(entries, 'expect');
  const { page, vocabulary } = reading;
  const expectations = vocabulary.expectations.filter((one) => !action?.wholeLab || one.wholeLab);
  const words = expectations.map(({ word }) => word);
  const forms: Forms = { words: expectations, fields: action?.fields ?? [], names: page.names };
  const inners =
    entry && readMap(page, '`expect`', entry.value, entry.at, expectHint(plain(entry.value), forms));
  if (inners?.every(({ key }) => key === 'within' || key === 'for')) {
    // A step that looks at nothing must not pass.
    refuse(page, entry!.at, '`expect` expects nothing', { hint: 'say what has to be true', allowed: words });
  }
  for (const inner of inners ?? []) {
    const word = expectations.find((candidate) => candidate.word === inner.key);
    if (inner.key === 'within' || inner.key === 'for') {
      const read = check(page, duration, inner.value, inner.at, `\`${inner.key}\``);
      if (read) result[inner.key] = read.value;
    } else if (!word) refuseExpected(page, inner, inners ?? [], forms);
    else {
      const read = check(page, word.schema, inner.value, inner.at, `\`${inner.key}\``, () =>
        adviceOf(word, page.names),
      );
      const sound = read ?? soundPart(word.schema, inner.value);
      const well = sound && checkReferences(reading, inner, at, word.references?.(sound.value) ?? []);
      if (well)
        object(reading, inner, word.objections?.(sound.value, action?.wholeLab ? undefined : (at ?? '')));
      if (read) result.expect.push({ kind: inner.key, value: read.value, where: whereIs(page, inner.at) });
    }
  }
  return result;
}

function object({ page }: Reading, { value, at }: Entry, objections: Objection[] = []): void {
  for (const found of objections) refuse(page, placeOf(value, found.path, at), found.message, found);
}

function readTexts({ page }: Reading, entries: readonly Entry[]): Pick<Step, 'name' | 'shows'> {
  const named = keyOf(entries, 'name');
  const shown = keyOf(entries, 'shows');
  const name = named && check(page, title, named.value, named.at, '`name`')?.value;
  const shows = shown && check(page, claims, shown.value, shown.at, '`shows`')?.value;
  return { ...(name !== undefined && { name }), shows: shows ?? [] };
}

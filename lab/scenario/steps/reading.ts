/** The state while steps are read one after the other, and the checks of a word's value that it allows. */
import type { Host } from '../../model/types.ts';
import type { Names } from '../../wire/lines/hint.ts';
import type { Dangling } from '../hints/dangling-reference.ts';
import type { Advice } from '../text/findings.ts';
import { type Page, type Place, refuse } from '../text/page.ts';
import { type Entry, keyAt, partOf, placeOf } from '../text/tree.ts';
import type { Topology } from '../topology/topology.ts';
import {
  askedOf,
  type ExpectationWord,
  type Moving,
  type Objection,
  type Reference,
  type StepWord,
  type Vocabulary,
} from '../vocabulary.ts';
import { dangling, type Scope } from './references.ts';
import type { Standing } from './standing-faults.ts';
import type { STEP_KEYS } from './step-keys.ts';

/** The state that steps leave for those after them. Its parts are replaced, not changed, so that it can be kept. */
export interface Left {
  /** By host: the conversations named so far, and the lines where they are named. */
  named: ReadonlyMap<string, ReadonlyMap<string, number>>;
  faults: Standing[];
  /** Cards that are on other networks than at the beginning, and how the hosts stand then. */
  moves: readonly Moving[];
  around: Topology;
}

/** The state while steps are read one after the other. */
export interface Reading extends Left {
  page: Page;
  vocabulary: Vocabulary;
  hosts: ReadonlyMap<string, Host>;
  /** As it is without any fault. */
  home: Topology;
}

export function keyOf(entries: readonly Entry[], wanted: (typeof STEP_KEYS)[number]): Entry | undefined {
  return entries.find(({ key }) => key === wanted);
}

export function scopeAt({ hosts, around, named }: Reading, at: string | undefined): Scope {
  const host = at === undefined ? undefined : hosts.get(at);
  return { at: host, hosts, around, conversations: named.get(at ?? '')?.keys() ?? [] };
}

/** The parts of a word that advice about its value needs. */
export function adviceOf(word: StepWord | ExpectationWord, names: Names): Advice {
  const { example, sound } = askedOf(word, names);
  return { level: 'arguments', word: word.word, example, ...(sound && { sound }) };
}

export function checkReferences(
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

export function refuseObjections(
  { page }: Reading,
  { value, at }: Entry,
  objections: Objection[] = [],
): void {
  for (const found of objections) refuse(page, placeOf(value, found.path, at), found.message, found);
}

/** The word of ours that an unknown one stands for: the unknown one is a typing mistake, or the word of another tool. */

import type { z } from 'zod';
import type { Names } from '../../wire/lines/hint.ts';
import { PLACES } from '../synonyms/index.ts';
import type { Say, SynonymLevel, Synonyms, Written } from '../synonyms/synonym.ts';
import { UNDER } from '../synonyms/under.ts';
import { INSTEAD, meantValue, normal } from '../synonyms/values.ts';
import { pair } from './flow.ts';
import { meantBy, takes } from './form.ts';
import { nearest } from './nearest.ts';
import { keysAt, schemaAt } from './schema-keys.ts';

/** The advice of a table on a word: the word to use here, or what to do instead. */
interface Advice {
  use?: string;
  say?: Say;
}

/** A key that is known here, for one that is not. */
export interface Meant {
  /** The key as it is written here. */
  key: string;
  /** Its value, where that was written with the key: `to:bob` is one word to YAML. */
  value?: string;
  /** The author's word is one of another tool, not a guess by its letters. */
  synonym?: true;
}

const tables = new Map<Synonyms, Map<string, Advice[]>>();

function tableOf(synonyms: Synonyms): Map<string, Advice[]> {
  const known = tables.get(synonyms);
  if (known) return known;
  const table = new Map<string, Advice[]>();
  const add = (words: string, advice: Advice) => {
    for (const word of words.split(' ')) table.set(word, [...(table.get(word) ?? []), advice]);
  };
  for (const [use, words] of Object.entries(synonyms.same ?? {})) add(words, { use });
  for (const [words, say] of Object.entries(synonyms.say ?? {})) add(words, { say });
  tables.set(synonyms, table);
  return table;
}

/** The tables for the keys under a word, or at a place, the nearest first. */
export function tablesFor(place: SynonymLevel | undefined, under: string | undefined): Synonyms[] {
  const own = under === undefined ? undefined : UNDER[under];
  return [own, place && PLACES[place]].filter((one) => one !== undefined);
}

function adviceFor(
  key: string,
  allowed: readonly string[],
  synonyms: readonly Synonyms[],
): Advice | undefined {
  for (const one of synonyms) {
    const found = tableOf(one).get(normal(key)) ?? [];
    const good =
      found.find(({ use }) => use !== undefined && allowed.includes(use)) ?? found.find(({ say }) => say);
    if (good) return good;
  }
  return undefined;
}

/** The known key that an unknown one stands for; undefined where there is none, or none is near. */
export function meantKey(
  key: string,
  allowed: readonly string[],
  synonyms: readonly Synonyms[],
): Meant | undefined {
  const [, before, value] = /^([A-Za-z_][\w-]*)(?:\s*[:=]\s*|\s+(?=[[{]))(.*)$/s.exec(key) ?? [];
  if (before !== undefined && allowed.includes(before)) return { key: before, value: value! };
  const advice = adviceFor(key, allowed, synonyms);
  // A plural is nearer than a synonym of another key: `node` where `nodes` is meant.
  const plural = `${key}s`;
  if (advice?.use !== undefined && advice.use !== plural && allowed.includes(plural)) return { key: plural };
  if (advice) return advice.use === undefined ? undefined : { key: advice.use, synonym: true };
  const near = nearest(key, allowed);
  return near === undefined ? undefined : { key: near };
}

/** The hint that corrects an unknown key; undefined where nothing is known of it. */
export function hintFor(
  written: Written,
  allowed: readonly string[],
  synonyms: readonly Synonyms[],
): string | undefined {
  const { key, value, form } = written;
  const meant = meantKey(key, allowed, synonyms);
  if (meant?.value !== undefined) return besideSpace(key, meant);
  if (meant?.synonym) return `here the word is \`${meant.key}\`: write ${form(meant.key, value)}`;
  if (meant) return `did you mean \`${meant.key}\`?`;
  const say = adviceFor(key, allowed, synonyms)?.say;
  return typeof say === 'function' ? say(written) : say;
}

/** `at:bob` and `at = bob`. */
function besideSpace(key: string, { key: meant, value = '' }: Meant): string {
  const shown = /^[[{]/.test(value) ? `${meant}: ${value.charAt(0)} …` : `${meant}: ${value}`;
  const sign = key.slice(meant.length).trim().charAt(0);
  if (sign === '=') return `write ${shown}, with a colon in place of =`;
  return sign === ':'
    ? `write ${shown}, with a space after the colon`
    : `write ${shown}, with a colon after \`${meant}\``;
}

/** The hint that corrects a value which a key does not take; undefined where nothing is known of it. */
export function valueHint(
  key: string | undefined,
  value: unknown,
  allowed: readonly string[],
  names: Names,
): string | undefined {
  const meant = meantValue(String(value), allowed);
  if (meant !== undefined) return `write ${key === undefined ? meant : pair(key, meant)}`;
  const near = nearest(String(value), allowed);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return key === undefined ? undefined : INSTEAD[key]?.(value, names);
}

/**
 * A map with every unknown key under the name it has here, as the schema takes it: `{ host: bob, port: 80 }` is
 * `{ to: "bob:80" }`. Undefined where the schema does not take the result, or no key is another tool's word.
 */
export function renamed(
  map: Readonly<Record<string, unknown>>,
  schema: z.core.$ZodType,
  synonyms: readonly Synonyms[],
): Record<string, unknown> | undefined {
  const allowed = keysAt(schema, []);
  const result: Record<string, unknown> = {};
  let port: unknown;
  let other = false;
  for (const [key, value] of Object.entries(map)) {
    if (allowed.includes(key)) result[key] = value;
    else if (key === 'port' && allowed.includes('to')) [port, other] = [value, true];
    else {
      const meant = meantKey(key, allowed, synonyms);
      if (!meant || meant.key in map || meant.key in result) return undefined;
      const asked = { schema: schemaAt(schema, [meant.key]), example: undefined };
      result[meant.key] = meant.value ?? meantBy(value, asked) ?? value;
      other ||= meant.synonym === true;
    }
  }
  if (port !== undefined) {
    if (typeof result.to !== 'string') return undefined;
    result.to = result.to.includes(':') ? `[${result.to}]:${port}` : `${result.to}:${port}`;
  }
  if (!other) return undefined;
  return takes(schema, result) ? result : undefined;
}

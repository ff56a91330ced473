/** The keys of a step, and the meaning of a key that is not one of them. */
import type { Node } from 'yaml';
import type { Host } from '../../model/types.ts';
import type { Hint } from '../../wire/lines/hint.ts';
import { flow, LONGEST_FORM, pair } from '../hints/flow.ts';
import { formOf, isMap } from '../hints/form.ts';
import { meantKey, tablesFor } from '../hints/unknown-word.ts';
import { refuseKey } from '../text/check.ts';
import { type Page, refuse } from '../text/page.ts';
import { type Entry, plain } from '../text/tree.ts';
import { askedOf, type StepWord, type Vocabulary } from '../vocabulary.ts';

export const STEP_KEYS = ['name', 'at', 'before', 'do', 'expect', 'shows', 'control'] as const;

/** The word that says what a step does, with its entry. */
export interface Action {
  word: StepWord;
  entry: Entry;
}

/** The page, the words and the hosts that a step is read with. */
export interface Around {
  page: Page;
  vocabulary: Vocabulary;
  hosts: ReadonlyMap<string, Host>;
}

/** Refuses a key that no step has: a fault without `fault`, an expectation without `expect`, a host, or an unknown word. */
export function refuseStepKey(reading: Around, entries: readonly Entry[], entry: Entry, index: number): void {
  const { page, vocabulary, hosts } = reading;
  const { key, at, value } = entry;
  const under = vocabulary.steps.find(({ kinds }) => kinds && kindOf(key, kinds) !== undefined);
  if (under) {
    const kind = kindOf(key, under.kinds!)!;
    const form = formOf(under.word, { [kind]: plain(value) }, askedOf(under, page.names));
    const hint = `write ${form ?? `${under.word}: { ${kind}: … }`}`;
    refuse(page, at, `\`${key}\` is not a step`, { hint });
    return;
  }
  const expectation = vocabulary.expectations.find(({ word }) => word === key);
  if (expectation) {
    const form = formOf(key, plain(value), askedOf(expectation, page.names)) ?? `${key}: …`;
    refuse(page, at, `\`${key}\` is not a step but an expectation`, { hint: `write expect: { ${form} }` });
    return;
  }
  if (hosts.has(key)) {
    const step = value && stepOfText(value, reading, key);
    refuse(page, at, `\`${key}\` is a host, not a step`, { hint: `write ${step ?? stepAt(key, value)}` });
    return;
  }
  const words = vocabulary.steps.map(({ word }) => word);
  refuseKey(page, {
    entry,
    allowed: [...STEP_KEYS, ...words],
    what: `step ${index}`,
    level: 'step',
    around: entries,
    form(word, written) {
      const kind = vocabulary.steps.find((one) => one.word === word);
      return kind && formOf(word, written, askedOf(kind, page.names));
    },
  });
}

/** The kind that a key stands for: in our words, or in those of other tools. */
function kindOf(key: string, kinds: readonly string[]): string | undefined {
  if (kinds.includes(key)) return key;
  const meant = meantKey(key, kinds, tablesFor(undefined, 'fault'));
  return meant?.synonym ? meant.key : undefined;
}

/** `ping web` and `pc ping web` as a step; undefined where no word of a step is in it. */
export function stepOfText(node: Node, { page, vocabulary, hosts }: Around, at?: string): string | undefined {
  const written = plain(node);
  const words = typeof written === 'string' ? written.split(/[\s:]+/) : [];
  const named = words[0] !== undefined && hosts.has(words[0]) ? words.shift() : undefined;
  const kind = vocabulary.steps.find(({ word }) => word === words[0]);
  if (!kind) return undefined;
  const rest = words.slice(1).join(' ');
  const form = formOf(kind.word, rest === '' ? null : rest, askedOf(kind, page.names));
  if (form === undefined) return undefined;
  return kind.wholeLab ? `{ ${form} }` : `{ at: ${at ?? named ?? page.names.host}, ${form} }`;
}

/** `alice: { ping: … }` with its host under `at`. */
function stepAt(host: string, value: Node | null): string {
  const inner = plain(value);
  const text = flow({ at: host, ...(isMap(inner) ? inner : {}) });
  return isMap(inner) && text.length <= LONGEST_FORM ? text : `{ at: ${host}, … }`;
}

/** Refuses two words in one step: each of them makes a step of its own. */
export function refuseSecond(
  page: Page,
  entries: readonly Entry[],
  first: Action,
  second: Action,
  index: number,
): void {
  const [one, other] = [first.word.word, second.word.word];
  const at = plain(entries.find(({ key }) => key === 'at')?.value);
  const begin = typeof at === 'string' ? `at: ${at}, ` : '';
  const forms = [first, second].map(({ word, entry }) => {
    const text = pair(word.word, plain(entry.value));
    return `{ ${word.wholeLab ? '' : begin}${text.length <= LONGEST_FORM / 2 ? text : `${word.word}: …`} }`;
  });
  refuse(page, second.entry.at, `step ${index} does two things: \`${one}\` and \`${other}\``, {
    hint: `write two steps: ${forms.join(' and ')}`,
  });
}

/** Whether a key belongs to no step. Where the step's word is known, only a key that may name its host counts. */
export function isStray({ vocabulary, hosts }: Around, key: string, known: boolean): boolean {
  const allowed = [...STEP_KEYS, ...vocabulary.steps.map(({ word }) => word)];
  if (allowed.includes(key)) return false;
  return !known || hosts.has(key) || meantKey(key, allowed, tablesFor('step', undefined))?.key === 'at';
}

/** A hint for one entry of `do` that is not in a list. */
export function doHint({ value }: Entry): string {
  const written = plain(value);
  const text = isMap(written) ? pair('do', [written]) : '';
  return `write ${text && text.length <= LONGEST_FORM ? text : 'do: [{ send: hello }, { receive: HELLO }]'}`;
}

/** A hint for steps that are not a list: one step alone, or each under a name. */
export function listHint(value: Node | null): Hint {
  const written = plain(value);
  if (isMap(written) && 'at' in written) {
    const text = pair('steps', [written]);
    if (text.length <= LONGEST_FORM) return `write ${text}, or begin each step with "- "`;
  }
  return ({ host, other }) =>
    `begin each step with "- ", the first key behind it: - at: ${host}, and below it ping: { to: ${other} }`;
}

/** A key under `expect` that is not one of its words, and the word that it stands for. */
import type { z } from 'zod';
import type { Names } from '../../wire/lines/hint.ts';
import { flow, LONGEST_FORM, pair } from '../hints/flow.ts';
import { formOf, takes } from '../hints/form.ts';
import { optionsOf } from '../hints/schema-keys.ts';
import { meantValue } from '../synonyms/values.ts';
import { refuseKey } from '../text/check.ts';
import type { Page } from '../text/page.ts';
import { type Entry, plain } from '../text/tree.ts';
import { askedOf, type ExpectationWord } from '../vocabulary.ts';

/** The expectations that one step can have. */
export interface Forms {
  words: readonly ExpectationWord[];
  /** Facts that the step finds. */
  fields: readonly string[];
  names: Names;
}

/** The names that others give to facts. */
const FACTS: Readonly<Record<string, string>> = {
  exit: 'exit_code exitcode exit_status rc returncode return_code code status ret retval',
  stdout: 'output out',
  stderr: 'err errors',
  received: 'replies answered answers packets_received',
  sent: 'packets_sent transmitted',
  rtt: 'latency avg time ms mean',
  bytes: 'size length',
  offset: 'skew',
  address: 'ip',
  status: 'status_code http_status code statuscode',
};

/** Refuses a key that is not known under `expect`. */
export function refuseExpected(page: Page, entry: Entry, around: readonly Entry[], forms: Forms): void {
  const { words, fields, names } = forms;
  const fact = factOf(entry.key, fields);
  const allowed = [...words.map(({ word }) => word), 'within', 'for'];
  if (fact === undefined) {
    refuseKey(page, {
      ...{ entry, allowed, what: '`expect`', level: 'expect', around },
      form(key, value) {
        const word = words.find((one) => one.word === key);
        return word && formOf(key, value, askedOf(word, names));
      },
    });
    return;
  }
  const others = Object.fromEntries(around.flatMap(({ key, value }) => fieldOf(key, plain(value), fields)));
  const text = pair('fields', others);
  const shown = text.length <= LONGEST_FORM ? text : `fields: { ${fact}: … }`;
  refuseKey(page, {
    entry,
    allowed,
    what: '`expect`',
    around,
    hint: `\`${fact}\` is a fact that the step finds: write ${shown}`,
  });
}

function factOf(key: string, fields: readonly string[]): string | undefined {
  if (fields.includes(key)) return key;
  return fields.find((one) => FACTS[one]?.split(' ').includes(key.toLowerCase()));
}

/** The fact and its value. The output of a command ends with a line end, so a part of it is looked for. */
function fieldOf(key: string, value: unknown, fields: readonly string[]): [string, unknown][] {
  const fact = factOf(key, fields);
  if (fact === undefined) return [];
  if (fact === 'exit' && typeof value === 'string') return [[fact, exitOf(value)]];
  const printed =
    (fact === 'stdout' || fact === 'stderr') && typeof value === 'string' && !/^\/.*\/$/.test(value);
  const part = (typeof value === 'string' ? value : '').replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return [[fact, printed ? `/${part}/` : value]];
}

/** `nonzero` */
function exitOf(written: string): unknown {
  if (/^(?:non-?_?zero|fail\w*|error|not 0|!= ?0)$/i.test(written)) return '>= 1';
  return /^(?:zero|ok|success\w*)$/i.test(written) ? 0 : written;
}

/** `expect: refused`: the value under the word that takes it. `receive` takes every text, so it is asked last. */
export function expectHint(written: unknown, { words }: Forms): string {
  const value: unknown = Array.isArray(written) && isWord(written[0]) ? written[0] : written;
  if (
    value === true ||
    (typeof value === 'string' && /^(?:ok|success|pass(?:ed)?|works?|true|yes|up)$/i.test(value))
  )
    return 'leave it out: a step whose action does not succeed fails by itself';
  for (const word of words.toReversed()) {
    const schema = word.schema as z.ZodType;
    const [one, other] = [value, typeof value === 'string' ? choiceOf(schema, value) : undefined];
    const taken = [one, other].find((each) => each !== undefined && each !== null && takes(schema, each));
    // Words that look for a host take any name alone.
    const isName = word.word !== 'receive' && typeof taken === 'string' && !isChoice(schema);
    if (taken === undefined || isName) continue;
    const text = `expect: { ${word.word}: ${flow(taken)} }`;
    if (text.length <= LONGEST_FORM) return `write ${text}`;
  }
  return 'write expect: { receive: HELLO }';
}

/** Whether it is one word, not a line of words. */
function isWord(value: unknown): boolean {
  return typeof value === 'string' && !/\s/.test(value.trim());
}

function isChoice(schema: z.ZodType): boolean {
  return optionsOf(schema).length > 0;
}

function choiceOf(schema: z.ZodType, value: string): string | undefined {
  return meantValue(value, optionsOf(schema));
}

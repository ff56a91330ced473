/** The page of one word: what it does, an example, its keys, and what a table cannot say. */
import type { z } from 'zod';
import { formsOf, jsonOf, keysTable, kindOf, rowsOf, sentences } from './form.ts';
import { notesOn } from './notes.ts';

export interface Word {
  word: string;
  summary: string;
  example: string;
  schema: z.ZodType;
  /** One entry of `do:`, where the word takes any. */
  action?: z.ZodType;
  /** Facts that it finds, for `expect: { fields: … }`. */
  fields?: readonly string[];
}

/** The page's place seen from a word's page, and the list of values in it. */
const INDEX = '../reference.md';

export function wordPage(word: Word, kind: string, more: readonly string[] = []): string {
  return page([
    `# ${word.word}`,
    `[Reference](${INDEX}) › ${kind}`,
    ...sentences(word.summary),
    `\`\`\`yaml\n${word.example.trimEnd()}\n\`\`\``,
    ...keysOf(word),
    ...(word.fields ? [`Its [fields](fields.md) are ${list(word.fields)}.`] : []),
    ...(word.action ? actionsOf(word.action) : []),
    ...notesOn(word.word),
    ...more,
  ]);
}

/** A page of these paragraphs, with a note on how it was made. */
export function page([title, ...rest]: readonly string[]): string {
  const made =
    '<!-- Made by `npm run docs` from the tables in the code and from lab/cli/reference/notes. -->';
  return `${[title, made, ...rest].join('\n\n')}\n`;
}

function keysOf({ word, schema }: Word): string[] {
  const json = jsonOf(schema);
  const forms = formsOf(json).filter(({ properties, title }) => !properties || title !== undefined);
  const rows = rowsOf(json);
  const table = keysTable(rows, INDEX);
  const takes = forms.length > 0 ? `\`${word}:\` takes ${kindOf({ anyOf: forms }, INDEX)}` : '';
  const meaning = rows.length === 0 && json.description ? ` ${json.description}` : '';
  if (takes === '') return [table];
  return rows.length > 0 ? [`${takes}, or a map with these keys:`, table] : [`${takes}.${meaning}`];
}

/** `a`, `b` and `c`, each as code. */
function list(words: readonly string[]): string {
  const all = words.map((word) => `\`${word}\``);
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

function actionsOf(action: z.ZodType): string[] {
  const intro = 'Under `do:` each entry of the list does one of these things on the same conversation:';
  const rows = rowsOf(jsonOf(action)).filter(({ key }) => !key.includes('.'));
  return ['## do', intro, keysTable(rows, INDEX)];
}

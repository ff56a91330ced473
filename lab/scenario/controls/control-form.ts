/** The form of `control:`, as zod checks it; the steps and hosts in it are read by controls.ts. */
import { z } from 'zod';
import { reading, readText, show, Wrong } from '../../model/reading.ts';
import { isQuick } from '../../patterns/cost.ts';
import { title } from '../values/values.ts';

/** A part of a text, or a pattern between slashes. */
const foretold = reading(
  (input) => {
    const text = readText(input);
    if (text instanceof Wrong) return text;
    const pattern = text === '//' ? /(?:)/ : patternOf(text);
    if (typeof pattern === 'string') return new Wrong(`${show(text)} is not a pattern: ${pattern}`);
    if (text !== '' && !(pattern && isInNothing(pattern))) return text;
    return new Wrong(`${text === '' ? 'an empty text' : text} is in everything`, 'write what is found');
  },
  { type: 'string', minLength: 1 },
);

/** Whether a pattern matches the empty text. One that is slow even on that is slower on other texts, and is refused then. */
function isInNothing(pattern: RegExp): boolean {
  return isQuick(pattern, [0]) && pattern.test('');
}

/** The pattern in a foretold text; undefined for plain text; a string with the reason where the pattern is wrong. */
export function patternOf(text: string): RegExp | undefined | string {
  if (!/^\/.+\/$/s.test(text)) return undefined;
  try {
    return new RegExp(text.slice(1, -1), 'su');
  } catch (error) {
    return error instanceof Error ? error.message.split(': ').at(-1)! : String(error);
  }
}

export const failsForm = z.strictObject({
  check: foretold.describe('The check that must not hold: a part of its text, or /a pattern/.'),
  found: foretold.describe('The text that it must have found: a part of it, or /a pattern/.'),
  why: foretold.optional().describe('The reason that must be given: a part of the text, or /a pattern/.'),
});

const stepNames = z.union([title, z.array(title).min(1)]);

/** The form of one control. The steps and hosts in it are read, and merged, elsewhere. */
export const controlForm = z.strictObject({
  world: z
    .unknown()
    .optional()
    .meta({ type: 'array', description: 'Steps that make the claim false. They are done before this one.' }),
  since: title.optional().describe('The name of the earlier step before which they are done.'),
  without: stepNames.optional().describe('Names of earlier steps that are left out.'),
  hosts: z.unknown().optional().meta({
    type: 'object',
    description: 'Hosts that are different: their keys replace those of the scenario.',
  }),
  step: z
    .unknown()
    .optional()
    .meta({ type: 'object', description: 'Other arguments of this step: these keys replace its own.' }),
  fails: failsForm.describe('The check that then does not hold, and what it finds.'),
});
export type ControlForm = z.infer<typeof controlForm>;

/** The keys that make the world another one. */
export const CHANGES = ['world', 'without', 'hosts', 'step'] as const;

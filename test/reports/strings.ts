/** Any text whatever in every field that a scenario, a network or a program can fill. */
import fc from 'fast-check';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import type { RunResult } from '../../lab/reports/result.ts';
import { failedStep, heldStep, runOf, skippedStep } from './runs.ts';

/** Half of them made of what the formats treat in a way of their own. */
const SPECIAL = [
  ...[
    '<',
    '>',
    '&',
    '"',
    "'",
    ']]>',
    '<!--',
    '&#0;',
    '%',
    '%0A',
    '::',
    ':',
    ',',
    '=',
    '#',
    '\\',
    '\\#',
    ' # SKIP x',
  ],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\0',
    '\x1b[2J',
    '\x7f',
    '\x85',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ufffe',
    '\uffff',
  ],
  ...[
    '\ud800',
    '\udc00',
    '😀',
    '你好',
    'ok 1',
    'not ok 2',
    '1..9',
    'Bail out!',
    'TAP version 14',
    '---',
    '...',
    '  ...',
  ],
  ...[
    '##[error]x',
    '##vso[task.setvariable]x',
    '\n::add-mask::x',
    '\u3000::warning::x',
    '\x1b[31m',
    '\x1b[8m',
    '\x1b]52;c;eA==\x07',
    '\x9b2J',
    '\u061c',
    '\u200b',
    '\u2060',
    '\u3164',
    '\u{e0041}',
    '\u{fe0f}',
  ],
  ...['::error::x', '- ', '? ', '|', '@', '!', '*', '{', '[', 'a', ' ', '  '],
];

export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(fc.constantFrom(...SPECIAL), { maxLength: 8 }).map((parts) => parts.join('')),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
);

const changes = fc.record({ name: anyText, did: anyText, at: anyText, text: anyText, hint: anyText });

function filled(step: StepResult, { name, did, at, text, hint }: Record<string, string>): StepResult {
  return {
    ...step,
    name: name!,
    did: did!,
    at: at!,
    shows: [text!],
    checks: step.checks.map((check) => ({
      ...check,
      what: text!,
      ...(!check.held && { expected: text!, found: hint!, why: did! }),
    })),
    where: { ...step.where, file: hint! },
    ...(step.skipped && { skipped: { why: text!, hint: hint! } }),
  };
}

export const anyRun: fc.Arbitrary<RunResult> = fc
  .tuple(
    changes,
    changes,
    changes,
    anyText,
    fc.boolean(),
    fc.constantFrom('bug' as const, 'interrupted' as const),
  )
  .map(([first, second, third, text, isStrict, code]) =>
    runOf([filled(heldStep, first), filled(failedStep, second), filled(skippedStep, third)], {
      strict: isStrict,
      scenario: { file: text, lab: text, about: text },
      engine: { name: 'netns', version: text, why: [text] },
      hosts: [{ name: text, interfaces: [], program: text }],
      stopped: { code, message: text, hint: text },
    }),
  );

/** No code decides on a sentence: what a reader is told of a check is looked at by nobody but reports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const LAB = fileURLToPath(new URL('../../lab', import.meta.url));

/** Where checks are made, judged, explained and reported. */
const ROOMS = ['causes', 'expectations', 'steps', 'faults', 'outcomes', 'reports', 'claims', 'run'];

/** Sentences of a check, of a step and of an error. */
const SENTENCE = '(?:what|brief|expected|why|did|says|message|hint)';
const DECISIONS = [
  // A pattern, or a piece of text, looked for in one.
  new RegExp(`/[gimsuy]*\\.(?:test|exec)\\((?:\\w+\\??\\.)*${SENTENCE}\\b[^(]*\\)`),
  new RegExp(
    `\\b${SENTENCE}\\??\\.(?:startsWith|endsWith|includes|match|matchAll|search|indexOf|replace|replaceAll|split)\\(`,
  ),
  // One compared with a text.
  new RegExp(`\\.${SENTENCE} [!=]== ['"\`]`),
];

/** How lines are laid out, where nothing is decided but that. */
const LAYOUT = [/hint\.replaceAll\('\\n'/];

function files(at: string): string[] {
  if (at.endsWith('.ts')) return [at];
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(at, name));
}

function decisionsIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => DECISIONS.some((one) => one.test(line)));
  return lines.filter((line) => !LAYOUT.some((one) => one.test(line)));
}

test('no line looks for something in a sentence', () => {
  const found = ROOMS.flatMap((room) => files(join(LAB, room))).flatMap((file) =>
    decisionsIn(readFileSync(file, 'utf8')).map((line) => `${relative(LAB, file)}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

test.for([
  "if (what.startsWith('received')) return 'silence';",
  'return /^seen by/.test(check.what);',
  'const by = /^seen by ([^ ]+)/.exec(what)?.[1];',
  "if (wrong.why === 'no datagram in 5 s') return;",
  "return `${state.replace(/^its/, name)}` + why.replace('a', 'b');",
])('a line that does is found: %s', (line) => {
  expect(decisionsIn(line)).toHaveLength(1);
});

/** What a run says of itself: how far it is, what it left out and why. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lackingLines } from '../left-out.ts';
import { progressLine } from '../progress.ts';
import { soakLines } from '../soak/list.ts';

test('what is left out for one reason is counted in one line', () => {
  const lacking = 'no engine answers; start one';
  const docker = { need: 'docker', lacking };
  const parts = [docker, { need: 'tshark', lacking: 'there is none' }, { need: 'compose', lacking }, docker];
  expect(lackingLines(parts)).toEqual([
    'Left out, since this machine lacks what it needs:',
    '  3 parts (docker, compose): no engine answers; start one',
    '  1 part (tshark): there is none',
  ]);
  expect(lackingLines([])).toEqual([]);
});

test('what is left to another command is named, each by what its file says of itself', () => {
  const files = readdirSync(join(import.meta.dirname, '../soak')).filter((name) => name.endsWith('.test.ts'));
  const [title, ...lines] = soakLines();
  expect(title).toContain('`npm run soak`');
  expect(lines).toHaveLength(files.length);
  for (const line of lines) expect(line).toMatch(/^ {2}[\w-]+: [A-Z].+\.$/);
});

test('how far a run is, in files and time', () => {
  expect(progressLine(20, 178, 64_600)).toBe(' — 20 of 178 files, 1:05');
});

/** `lanlab claims` without --prove: what it lists, and calls that are wrong. Nothing is brought up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lanlab, ROOT } from './command.ts';

const HANDSHAKE = 'scenarios/04-handshake.yaml';

describe('lanlab claims', () => {
  test('lists every claim, with the steps of the scenarios that show it', async () => {
    const { exit, stdout } = await lanlab('claims', HANDSHAKE);
    expect(stdout).toContain(
      `     ${HANDSHAKE}, step 9: a client before the server is refused, by a RST (1 control)\n`,
    );
    expect(stdout).toMatch(/\nW7 .*\n\n\d+ with a step that shows them, \d+ with none\n$/s);
    expect(exit).toBe(0);
  });

  test('lists of one claim who shows it, as data too', async () => {
    const { stdout } = await lanlab('claims', '--filter', 'c20', '--json', HANDSHAKE);
    const { claims } = JSON.parse(stdout);
    expect(claims).toMatchObject([
      { id: 'C20', by: [{ file: HANDSHAKE, step: 6, controls: 1 }, { step: 7 }] },
    ]);
  });

  test('makes a page of all the scenarios where none is named', async () => {
    const { stdout } = await lanlab('claims', '--markdown');
    const unlinked = readFileSync(join(ROOT, 'docs/claims.md'), 'utf8').replace(
      /\[([^\]]+)\]\(\.\.\/(\S+)\)/g,
      '$2',
    );
    expect(stdout).toBe(unlinked);
  });

  test.each([
    [['--filter', 'C99'], 'C99 is not a claim\n  hint: claims are C1 to C36, P1 to P13 and W1 to W7'],
    [['--engine', 'netns'], '--engine goes with --prove\n  hint: add --prove'],
    [['--jobs', '3'], '--jobs goes with --prove\n  hint: add --prove'],
    [['--prove', '--engine', 'netnz'], 'Allowed choices are docker, netns, compose, swarm'],
    [['--prove', '--markdown'], "'--markdown' cannot be used with option '--prove'"],
    [['--prove', 'nothere.yaml'], 'cannot read nothere.yaml: there is no such file'],
  ])('%j is refused before anything starts', async (words, said) => {
    const { exit, stdout, stderr } = await lanlab('claims', ...words);
    expect(stderr).toContain(said);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
  });
});

/** The comments of a source file, as the sentences that a reader meets there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../cli/command.ts';
import { sentencesOf } from './english.ts';
import { takeApart } from './page.ts';

/** A block for the documentation, or lines that have nothing but a comment. */
const COMMENT = /\/\*\*[\s\S]*?\*\/|(?:^[ \t]*\/\/ .*\n)+/gm;

export interface Comment {
  /** `lab/errors.ts:12` */
  at: string;
  sentences: string[];
}

export function commentsOf(path: string): Comment[] {
  const source = readFileSync(join(ROOT, path), 'utf8');
  return [...source.matchAll(COMMENT)].map(({ 0: comment, index }) => ({
    at: `${path}:${source.slice(0, index).split('\n').length}`,
    sentences: sentencesOf(takeApart(path, linesOf(comment))),
  }));
}

/** Without what marks a comment, and without the names of tags (`@throws`). */
function linesOf(comment: string): string[] {
  return comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\*|\/\/)? ?/, '').replace(/@\w+ /, ''));
}

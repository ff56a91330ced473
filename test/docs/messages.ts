/** What the program says: every text in its source that has words of a sentence, with the place where it stands. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';
import { ROOT } from '../cli/command.ts';

export interface Message {
  /** `lab/errors.ts:12` */
  at: string;
  /** What is put in is `CODE`. */
  text: string;
}

export function messages(): Message[] {
  return globSync('{lab,services}/**/*.ts', { cwd: ROOT, exclude: ['**/node_modules'] }).flatMap((path) => {
    const source = readFileSync(join(ROOT, path), 'utf8');
    return textsIn(parseAst(source, { lang: 'ts' })).flatMap(({ start, text }) =>
      isSaid(text) ? [{ at: `${path}:${source.slice(0, start).split('\n').length}`, text }] : [],
    );
  });
}

function textsIn(node: unknown): { start: number; text: string }[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap(textsIn);
  if (!('start' in node) || typeof node.start !== 'number' || !('type' in node)) return inner;
  if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string')
    return [{ start: node.start, text: node.value }];
  if (node.type === 'TemplateLiteral' && 'quasis' in node && Array.isArray(node.quasis)) {
    const parts = node.quasis.map((part: { value: { cooked: string } }) => part.value.cooked);
    return [{ start: node.start, text: parts.join('CODE') }, ...inner];
  }
  return inner;
}

/** Rules, commands, styles and lists of words have no sentence: it needs one of the small words between its others. */
function isSaid(text: string): boolean {
  return (
    !/[{};]\n|^\s*#!/.test(text) &&
    /\S\s+\S+\s+\S/.test(text) &&
    /(^| )(is|are|was|has|have|a|an|the|it|of|to|no|not|what|who)( |$)/i.test(text)
  );
}

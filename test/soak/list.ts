/** What is left to `npm run soak`, as each of its files says itself; called as a program it prints that. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function soakLines(folder = import.meta.dirname): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const lines = names.map(
    (name) => `  ${name.replace('.test.ts', '')}: ${headerOf(readFileSync(join(folder, name), 'utf8'))}`,
  );
  return ['Left to `npm run soak`, since it takes many minutes:', ...lines];
}

/** A file's first comment, in one line. */
function headerOf(text: string): string {
  const [, comment = ''] = /^\/\*\*(.*?)\*\//s.exec(text) ?? [];
  return comment.replace(/\n \*/g, ' ').replace(/\s+/g, ' ').trim();
}

if (import.meta.main) console.log(soakLines().join('\n'));

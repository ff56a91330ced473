/** The page of the five programs: their ports and settings, from the README of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '../../model/types.ts';
import { notesOn } from './notes.ts';
import { page } from './word.ts';

const FOLDER = join(import.meta.dirname, '../../../services');

export function programsPage(): string {
  const overview = tablesIn(read('README.md')).map((table) =>
    table.replaceAll(/\]\((\S+)\)/g, '](../../services/$1)'),
  );
  const sections = SERVICES.flatMap((name) => [
    `## ${name}`,
    tablesIn(read(`${name}/README.md`)).find((table) => table.startsWith('| variable'))!,
  ]);
  return page([
    '# The five programs',
    '[Reference](../reference.md)',
    ...notesOn('programs'),
    overview[0]!,
    ...sections,
    '## Events',
    'A program prints each event as one JSON object on each line. `expect: { seen: … }` and `lanlab logs` read them.',
    ...overview.slice(1),
  ]);
}

function read(path: string): string {
  return readFileSync(join(FOLDER, path), 'utf8');
}

/** Every table of a page, in its order. */
function tablesIn(text: string): string[] {
  return text.match(/(?:^\|.*\n)+/gm)?.map((table) => table.trimEnd()) ?? [];
}

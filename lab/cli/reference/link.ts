/** The page of `link:`: its keys, the links that have a name, and what a table cannot say. */
import { PRESETS } from '../../model/link-presets.ts';
import { type Json, keysTable, type Row, rowsOf } from './form.ts';
import { notesOn } from './notes.ts';
import { page } from './word.ts';

const BELOW = 'link.';

/** The keys of a network without those below `link`, which are on a page of their own. */
export function withoutLink(rows: readonly Row[]): Row[] {
  return rows.filter(({ key }) => !key.startsWith(BELOW));
}

/** `out` and `in` take the same words as the link itself, so one row for each is enough. */
export function linkPage(network: Json): string {
  const rows = rowsOf(network)
    .filter(({ key }) => key.startsWith(BELOW))
    .map((row) => ({ ...row, key: row.key.slice(BELOW.length) }))
    .filter(({ key }) => !/^(out|in)\./.test(key));
  const presets = Object.entries(PRESETS).map(
    ([name, { summary, source }]) => `| \`${name}\` | ${summary} | ${source} |`,
  );
  const [intro, ...notes] = notesOn('link').join('').split('\n\n');
  return page([
    '# Links',
    '[Reference](../reference.md)',
    intro!,
    keysTable(rows, '../reference.md'),
    ...notes,
    '## Links by name',
    'The numbers are typical, seen from the host. If a link matters to you, write its numbers yourself.',
    ['| name | is | source |', '|---|---|---|', ...presets].join('\n'),
  ]);
}

/** The tables by which a node loses frames of others: which of those on a machine belong to a lab. */
import { expect, test } from 'vitest';
import { tableOf, tablesOfLabs } from '../../../lab/keeper/shut-out.ts';

test('tables of labs are told from all others', () => {
  const [one, other] = ['demo-1a2b3c4d', 'two-words-00ff00ff'].map(tableOf);
  const names = ['filter', 'lanlab_filter', 'lanlab_nat', one, `${other}_probe`];
  const listing = names.map((name) => `table inet ${name}\n`).join('');
  expect(tablesOfLabs(`${listing}table ip lanlab_demo_1a2b3c4d\n`)).toEqual([one, `${other}_probe`]);
});

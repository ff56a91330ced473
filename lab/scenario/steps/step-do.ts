/** `do:` of a step: further actions on its conversation. */
import { check } from '../text/check.ts';
import { refuse } from '../text/page.ts';
import { type Entry, readList } from '../text/tree.ts';
import type { StepWord } from '../vocabulary.ts';
import { keyOf, type Reading } from './reading.ts';
import { doHint } from './step-keys.ts';

export function readDo(reading: Reading, entries: readonly Entry[], word: StepWord | undefined): unknown[] {
  const entry = keyOf(entries, 'do');
  if (!entry || !word) return [];
  const { action } = word;
  if (!action) {
    const takers = reading.vocabulary.steps.filter((one) => one.action).map((one) => one.word);
    const hint = takers.length > 0 ? `\`do\` goes with ${takers.join(', ')}` : 'leave it out';
    refuse(reading.page, entry.at, `\`${word.word}\` takes no \`do\``, { hint });
    return [];
  }
  const items = readList(reading.page, '`do`', entry.value, entry.at, doHint(entry)) ?? [];
  return items.flatMap((item, index) => {
    const read = check(reading.page, action, item, item, `entry ${index + 1} of \`do\``, () => ({
      level: 'arguments',
      word: 'do',
      example: { send: 'hello' },
    }));
    return read ? [read.value] : [];
  });
}

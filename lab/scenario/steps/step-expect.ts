/** `expect:` of a step. */
import type { Step } from '../../model/types.ts';
import { check, soundPart } from '../text/check.ts';
import { refuse, whereIs } from '../text/page.ts';
import { type Entry, plain, readMap } from '../text/tree.ts';
import { duration } from '../values/values.ts';
import type { StepWord } from '../vocabulary.ts';
import { adviceOf, checkReferences, keyOf, type Reading, refuseObjections } from './reading.ts';
import { expectHint, type Forms, refuseExpected } from './unknown-expectation.ts';

export function readExpect(
  reading: Reading,
  entries: readonly Entry[],
  at: string | undefined,
  action: StepWord | undefined,
): Pick<Step, 'expect' | 'within' | 'for'> {
  const result: Pick<Step, 'expect' | 'within' | 'for'> = { expect: [] };
  const entry = keyOf(entries, 'expect');
  const { page, vocabulary } = reading;
  const expectations = vocabulary.expectations.filter((one) => !action?.wholeLab || one.wholeLab);
  const words = expectations.map(({ word }) => word);
  const forms: Forms = { words: expectations, fields: action?.fields ?? [], names: page.names };
  const inners =
    entry && readMap(page, '`expect`', entry.value, entry.at, expectHint(plain(entry.value), forms));
  if (inners?.every(({ key }) => key === 'within' || key === 'for')) {
    // A step that looks at nothing must not pass.
    refuse(page, entry!.at, '`expect` expects nothing', { hint: 'say what has to be true', allowed: words });
  }
  for (const inner of inners ?? []) {
    const word = expectations.find((candidate) => candidate.word === inner.key);
    if (inner.key === 'within' || inner.key === 'for') {
      const read = check(page, duration, inner.value, inner.at, `\`${inner.key}\``);
      if (read) result[inner.key] = read.value;
    } else if (!word) refuseExpected(page, inner, inners ?? [], forms);
    else {
      const read = check(page, word.schema, inner.value, inner.at, `\`${inner.key}\``, () =>
        adviceOf(word, page.names),
      );
      const sound = read ?? soundPart(word.schema, inner.value);
      const well = sound && checkReferences(reading, inner, at, word.references?.(sound.value) ?? []);
      if (well)
        refuseObjections(
          reading,
          inner,
          word.objections?.(sound.value, action?.wholeLab ? undefined : (at ?? '')),
        );
      if (read) result.expect.push({ kind: inner.key, value: read.value, where: whereIs(page, inner.at) });
    }
  }
  return result;
}

/** The symptom of a failed step, by the facts of its checks. */
import { expect, test } from 'vitest';
import { symptomOf } from '../../lab/causes/evidence/symptom.ts';
import type { Judged } from '../../lab/outcomes/check.ts';
import { begin } from '../../lab/outcomes/outcome.ts';

const timedOut = () => {
  const outcome = begin('it');
  outcome.failure = { kind: 'timeout', errno: '', syscall: '', message: '', after: 1 };
  return outcome;
};
const unseen: Judged = { kind: 'seen', by: 'bob', came: 'nothing', held: false };
const field: Judged = { kind: 'field', name: 'rtt', held: false };

test('is the failure, where the step did not expect it', () => {
  const failed: Judged = { kind: 'failed', failure: 'timeout', held: false };
  expect(symptomOf(timedOut(), [failed], failed)).toBe('silence');
});

test.each([
  ['held', { held: true }],
  ['could not be judged, since cables missed frames', { held: false, incomplete: true as const }],
])('is not a failure that was expected, and %s', (_, judged) => {
  const failed: Judged = { kind: 'failed', failure: 'timeout', claimed: 'timeout', ...judged };
  expect(symptomOf(timedOut(), [failed, field], field)).toBeUndefined();
  expect(symptomOf(timedOut(), [failed, unseen], unseen)).toBe('silence');
});

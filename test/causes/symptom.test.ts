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

test('is the FIN or the status that came in place of the answer of HTTP', () => {
  const ended = begin('it');
  ended.failure = { kind: 'closed', errno: 'EOF', syscall: 'read', message: '', after: 1 };
  const failed: Judged = { kind: 'failed', failure: 'closed', held: false };
  expect(symptomOf(ended, [failed], failed)).toBe('end');
  const status: Judged = { kind: 'field', name: 'status', held: false };
  const answered = { ...begin('it'), http: { path: '/', status: 404 } };
  expect(symptomOf(answered, [status], status)).toBe('status');
  expect(symptomOf(answered, [field], field)).toBeUndefined();
  expect(symptomOf({ ...begin('it'), http: { path: '/' } }, [status], status)).toBeUndefined();
});

test.each([
  ['held', { held: true }],
  ['could not be judged, since cables missed frames', { held: false, incomplete: true as const }],
])('is not a failure that was expected, and %s', (_, judged) => {
  const failed: Judged = { kind: 'failed', failure: 'timeout', claimed: 'timeout', ...judged };
  expect(symptomOf(timedOut(), [failed, field], field)).toBeUndefined();
  expect(symptomOf(timedOut(), [failed, unseen], unseen)).toBe('silence');
});

/** Received bytes against what was wanted of them. Pure. */

import type { Answer } from '../outcomes/outcome.ts';
import { answerOf } from '../outcomes/outcome.ts';
import { firstDifference } from '../outcomes/show.ts';
import { materialise } from '../scenario/bytes.ts';
import { toRegExp } from '../scenario/values.ts';
import { type Receive, showPattern } from './receiving.ts';

/** Everything that is not as it should be, in words; an empty list where all holds. */
export function judge(want: Receive, found: Answer): string[] {
  return [...judgeExact(want, found), ...judgeRest(want, found)];
}

function judgeExact(want: Receive, found: Answer): string[] {
  if (!want.exact) return [];
  const expected = materialise(want.exact);
  if (found.bytes === expected.length && found.sha256 === answerOf(expected).sha256) return [];
  const kept = found.head.length === found.bytes ? expected : expected.subarray(0, found.head.length);
  const where = firstDifference(kept, found.head);
  return [where ?? `the first ${kept.length} bytes are right, ${found.bytes} came, later ones differ`];
}

function judgeRest(want: Receive, found: Answer): string[] {
  const problems: string[] = [];
  if (want.matches !== undefined && !toRegExp(want.matches).test(found.head.toString('utf8'))) {
    problems.push(`${showPattern(want.matches)} is not in it`);
  }
  if (want.bytes !== undefined && want.bytes !== found.bytes) {
    problems.push(`${found.bytes} bytes where ${want.bytes} were expected`);
  }
  if (want.sha256 && want.sha256 !== found.sha256) problems.push(`sha256 is ${found.sha256}`);
  if (want.nothing && found.bytes > 0) problems.push('something came');
  return problems;
}

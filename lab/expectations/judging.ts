/** Received bytes against what was wanted of them. */

import { materialise } from '../model/bytes.ts';
import type { Answer } from '../outcomes/outcome.ts';
import { answerOf } from '../outcomes/outcome.ts';
import { firstDifference } from '../outcomes/show.ts';
import { find } from '../patterns/find.ts';
import { toRegExp } from '../scenario/values/values.ts';
import { type Receive, showPattern } from './receiving.ts';

/** Both lists are empty where all holds. */
export interface Judgement {
  /** Everything that is not as it should be, in words. */
  problems: string[];
  /** In words: the claims that cannot be judged, because not all of the bytes are there. */
  unsure: string[];
}

/** A pattern is tried for so many milliseconds. Throws SlowPattern. */
export async function judge(want: Receive, found: Answer, giveUp: number): Promise<Judgement> {
  const judgements = [
    judgeExact(want, found),
    await judgePattern(want, found, giveUp),
    judgeRest(want, found),
  ];
  return {
    problems: judgements.flatMap(({ problems }) => problems),
    unsure: judgements.flatMap(({ unsure }) => unsure),
  };
}

const wrong = (...problems: string[]): Judgement => ({ problems, unsure: [] });
const unknown = (why: string): Judgement => ({ problems: [], unsure: [why] });

function judgeExact(want: Receive, found: Answer): Judgement {
  if (!want.exact) return wrong();
  const expected = materialise(want.exact);
  if (found.bytes === expected.length && found.sha256 === answerOf(expected).sha256) return wrong();
  const kept = found.head.length === found.bytes ? expected : expected.subarray(0, found.head.length);
  const where = firstDifference(kept, found.head);
  if (where !== undefined) return wrong(where);
  if (found.sha256 === undefined && found.bytes === expected.length) return unknown(onlyHead(found));
  return wrong(`the first ${kept.length} bytes are right, ${found.bytes} came, later ones differ`);
}

async function judgePattern({ matches }: Receive, found: Answer, giveUp: number): Promise<Judgement> {
  if (matches === undefined) return wrong();
  const pattern = toRegExp(matches);
  const text = found.head.toString('utf8');
  const match = await find(pattern, text, giveUp);
  if (found.head.length === found.bytes)
    return match ? wrong() : wrong(`${showPattern(matches)} is not in it`);
  return match && holdsWhateverFollows(pattern, match, text) ? wrong() : unknown(onlyHead(found));
}

/** Whether a pattern that is found in the beginning of a text is found in the whole. */
export function holdsWhateverFollows({ source }: RegExp, { to }: { to: number }, text: string): boolean {
  return to < text.length && !/\$|\(\?[=!]/.test(source);
}

function judgeRest(want: Receive, found: Answer): Judgement {
  const problems: string[] = [];
  if (want.bytes !== undefined && want.bytes !== found.bytes) {
    problems.push(`${found.bytes} bytes where ${want.bytes} were expected`);
  }
  const unsure = want.sha256 !== undefined && found.sha256 === undefined ? [onlyHead(found)] : [];
  if (want.sha256 && found.sha256 !== undefined && want.sha256 !== found.sha256) {
    problems.push(`sha256 is ${found.sha256}`);
  }
  if (want.nothing && found.bytes > 0) problems.push('something came');
  return { problems, unsure };
}

function onlyHead({ head, bytes }: Answer): string {
  return `only the first ${head.length} of ${bytes} bytes are kept`;
}

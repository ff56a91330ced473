/** The expectation `receive`: what came back. */
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { type ExpectationKind, patience } from './expectation.ts';
import { type ReadingOptions, receiveAnswer, receiveFrom } from './reading.ts';
import { type Receive, receiving } from './receiving.ts';

/** Milliseconds for which nothing comes, where the step does not say for how long. */
export const SILENCE = 1_000;

/** The answer: exact bytes, a pattern, a length, a hash, the end of the stream, or nothing at all. */
export const receive: ExpectationKind<Receive> = {
  word: 'receive',
  summary:
    'Looks at what comes back: exact bytes, a pattern, a length, a hash, the end, or nothing. ' +
    "Where the step's conversation has no name, nothing more may follow: until the peer's FIN for TCP (200 ms at most), within 50 ms for UDP. " +
    'With `for` it looks longer.',
  example: 'expect: { receive: HELLO }',
  schema: receiving,

  references(value) {
    return value.from === undefined ? [] : [{ path: ['from'], is: 'endpoint', value: value.from }];
  },

  async check(value, outcome, step, context) {
    const { answer, conversation } = outcome;
    if (answer) return [await receiveAnswer(answer, value, patience(step))];
    if (!conversation) return [nowhere(outcome)];
    const options = {
      within: patience(step),
      hold: step.for ?? (value.nothing ? SILENCE : undefined),
      rest: 'refuse' as const,
      resolve: senderFor(context),
    };
    return [await receiveFrom(conversation, value, options)];
  },
};

/** The sender that a scenario names, by the family of the datagram that came. */
export function senderFor(context: StepContext): ReadingOptions['resolve'] {
  return (endpoint, family) => {
    try {
      return context.resolve(endpoint, undefined, family);
    } catch {
      return context.resolve(endpoint);
    }
  };
}

function nowhere(outcome: Outcome): Check {
  return {
    kind: 'mistake',
    what: 'received something',
    held: false,
    expected: 'a step that receives',
    found: outcome.did,
    why: 'this kind of step has nothing to receive from',
  };
}

/** A question about a host that it did not answer: its agent refused, or what was run there failed. */
import { isRefusal } from '../../outcomes/refusal.ts';

/** Nothing can be said that rests on the answer. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** The answer; rejects with Unanswered for what an agent or a limit of time refuses, and with a bug as it is. */
export async function answerTo<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    if (isRefusal(error)) throw new Unanswered(error.message, { cause: error });
    throw error;
  }
}

/** The same, with undefined for no answer. */
export async function unlessUnanswered<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Unanswered) return undefined;
    throw error;
  }
}

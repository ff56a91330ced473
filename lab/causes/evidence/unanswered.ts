/** A question that a host did not answer: its agent refused, or the command that was run there failed. */
import { isRefusal } from '../../outcomes/refusal.ts';

/** There is no answer, so no cause may use one. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** The answer. Rejects with Unanswered where an agent or a time limit refuses; a bug is thrown on as it is. */
export async function answerTo<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    if (isRefusal(error)) throw new Unanswered(error.message, { cause: error });
    throw error;
  }
}

/** The answer, or undefined in place of Unanswered. */
export async function unlessUnanswered<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Unanswered) return undefined;
    throw error;
  }
}

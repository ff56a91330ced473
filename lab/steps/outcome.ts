/** Beginnings of an outcome, and the one place where the network's refusal becomes part of it. */
import { NetworkFailure } from '../agent/protocol.ts';
import { LabError, type LabErrorCode } from '../errors.ts';
import { sha256 } from './show.ts';
import type { Answer, Check, Outcome } from './step.ts';

export function begin(did: string): Outcome {
  return { did, began: Date.now(), fields: {}, checks: [] };
}

/**
 * Does the action; what the network refused becomes the outcome's failure, what makes no sense as things are
 * a check that did not hold. Anything else is thrown on.
 */
export async function attempt(outcome: Outcome, action: () => Promise<void>): Promise<Outcome> {
  try {
    await action();
  } catch (error) {
    if (error instanceof NetworkFailure) outcome.failure = error.data;
    else outcome.checks.push(mistaken(error, outcome.did));
  }
  return outcome;
}

/** A program that ends when it should run is found out about, as an answer that does not come is. */
const RESULTS: readonly LabErrorCode[] = ['scenario', 'program'];

/** The check that a mistake of the scenario's comes to; every other error is thrown on. */
export function mistaken(error: unknown, what: string): Check {
  if (!(error instanceof LabError && RESULTS.includes(error.code))) throw error;
  return { what, held: false, found: error.message, ...(error.mend !== undefined && { why: error.mend }) };
}

export function answerOf(bytes: Uint8Array): Answer {
  return { head: Buffer.from(bytes), bytes: bytes.length, sha256: sha256(bytes) };
}

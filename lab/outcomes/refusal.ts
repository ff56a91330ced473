/** Whether an error is a refusal of an agent, an engine or a time limit, and not a bug: its type says so. */
import { NetworkFailure, Overloaded } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';

export function isRefusal(error: unknown): error is Error {
  return error instanceof NetworkFailure || error instanceof Overloaded || error instanceof LabError;
}

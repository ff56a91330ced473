/** What an agent, an engine or a limit of time refuses, told from a bug: by its type. */
import { NetworkFailure, Overloaded } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';

export function isRefusal(error: unknown): error is Error {
  return error instanceof NetworkFailure || error instanceof Overloaded || error instanceof LabError;
}

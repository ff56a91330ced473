/** Common parts of the handles of the library: limits of time, bytes, and the failure at such a limit. */

import type { Endpoint } from '../agent/endpoint.ts';
import { NetworkFailure } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { Family } from '../model/address.ts';

/** Milliseconds that a call waits for the network by default. */
export const GIVE_UP = 5000;

/** A limit of one call. */
export interface Patience {
  /** Milliseconds, times the patience of this process; then a NetworkFailure of the kind `timeout` is thrown. */
  giveUp?: number;
}

/** The address that a name means, where a host has both families. */
export interface ByFamily {
  /** The one of this family. The default is the first family of the host's network. */
  family?: Family;
}

export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}

/** The failure where our own limit ended a wait. `began` is a reading of `performance.now()`. */
export function timedOut(what: string, syscall: string, began: number, local: Endpoint): NetworkFailure {
  const after = performance.now() - began;
  const message = `${what} within ${Math.round(after)} ms`;
  return new NetworkFailure({ kind: 'timeout', errno: 'ETIMEDOUT', syscall, message, after, local });
}

/** Closes; an agent that has gone has closed everything already. */
export async function closeQuietly(close: () => Promise<void>): Promise<void> {
  try {
    await close();
  } catch (error) {
    if (!(error instanceof LabError && error.code === 'agent')) throw error;
  }
}

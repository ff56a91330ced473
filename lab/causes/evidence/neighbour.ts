/** What a host's neighbour table has of an address (RFC 826, RFC 4861 section 5.1). */
import type { NeighbourState } from '../../agent/protocol.ts';
import type { Machine } from './machine.ts';

/** By the card where one is given. */
export async function neighbourOf(
  machine: Machine,
  address: string,
  card?: string,
): Promise<NeighbourState | undefined> {
  const table = await machine.neighbours();
  return table.find((one) => one.address === address && (card === undefined || one.interface === card));
}

/** It was asked for its MAC, and nothing has come. */
export function isWithoutAnswer({ state }: NeighbourState): boolean {
  return /FAILED|INCOMPLETE/.test(state);
}

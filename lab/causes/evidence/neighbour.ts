/** The entry of an address in a host's neighbour table (RFC 826, RFC 4861 section 5.1). */
import type { NeighbourState } from '../../agent/protocol.ts';
import type { Machine } from './machine.ts';

/** The entry of `card`, where it is given. */
export async function neighbourOf(
  machine: Machine,
  address: string,
  card?: string,
): Promise<NeighbourState | undefined> {
  const table = await machine.neighbours();
  return table.find((one) => one.address === address && (card === undefined || one.interface === card));
}

/** Whether the host asked for the MAC, and no answer has come. */
export function isWithoutAnswer({ state }: NeighbourState): boolean {
  return /FAILED|INCOMPLETE/.test(state);
}

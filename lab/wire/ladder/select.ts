/** A part of a capture: the frames of one conversation, or those between named hosts. */
import { LabError } from '../../errors.ts';
import type { Listed } from '../conversations/listed.ts';
import type { SeenFrame } from '../timeline.ts';
import type { Party } from './lanes.ts';

/** The most names that an error lists. */
const MOST_NAMES = 12;

/**
 * Conversations whose two ends are both among the hosts; for a single host, those with one end at this host. A host can
 * be given by its name or by any of its addresses. Throws LabError `usage` for one that is not in the capture.
 */
export function betweenHosts(
  all: readonly Listed[],
  parties: readonly Party[],
  names: readonly string[],
): Listed[] {
  const wanted = new Set(names.flatMap((name) => addressesOf(name, parties)));
  const isOne = ({ address }: Listed['ends'][number]) => wanted.has(address);
  return all.filter(({ ends }) => (names.length > 1 ? ends.every(isOne) : ends.some(isOne)));
}

function addressesOf(name: string, parties: readonly Party[]): string[] {
  const found = parties.filter((party) => isCalled(party, name));
  if (found.length > 0) return found.flatMap(({ addresses, macs }) => [...addresses, ...macs]);
  const known = parties.map((party) => party.name);
  const some = known.slice(0, MOST_NAMES).join(', ');
  const more = known.length > MOST_NAMES ? ` and ${known.length - MOST_NAMES} more` : '';
  throw new LabError('usage', `no host ${name} is in the capture`, {
    hint: known.length > 0 ? `it has ${some}${more}` : 'it has no hosts',
  });
}

function isCalled({ name, macs, addresses, called }: Party, word: string): boolean {
  const words = [name, ...macs, ...addresses, ...(called?.values() ?? [])];
  return words.some((one) => one.toLowerCase() === word.toLowerCase());
}

/** Throws LabError `usage` where no conversation has this number. */
export function conversationOf(all: readonly Listed[], number: number): Listed {
  const found = all.find((one) => one.number === number);
  if (found) return found;
  throw new LabError('usage', `no conversation ${number} is in the capture: it has ${all.length}`, {
    hint: 'lanlab ladder --list FILE lists them with their numbers',
  });
}

/** The frames of the conversations in order of time. */
export function framesOf(conversations: readonly Listed[]): SeenFrame[] {
  return conversations.flatMap(({ frames }) => frames).sort((a, b) => a.number - b.number);
}

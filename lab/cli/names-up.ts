/** Names for a shell's completion, a line each. A user has pressed Tab and waits, so only the state folder is read. */
import { readStates } from '../daemon/state.ts';
import { isDead } from '../engines/owner.ts';
import type { Named } from './words/completion.ts';

export async function namesUp(of: Named): Promise<string> {
  const labs = (await readStates()).filter(({ owner }) => !isDead(owner.identity));
  const names = of === 'host' ? labs.flatMap(({ hosts }) => hosts.map(({ name }) => name)) : labs.map(nameOf);
  return [...new Set(names)].map((name) => `${name}\n`).join('');

  /** The lab's name, or its id where another lab has the same name. */
  function nameOf({ lab, id }: (typeof labs)[number]): string {
    return labs.filter((other) => other.lab === lab).length > 1 ? id : lab;
  }
}

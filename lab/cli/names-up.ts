/** Names for a shell's completion, a line each: read from the state folder alone, for somebody has pressed Tab and waits. */
import { readStates } from '../daemon/state.ts';
import { isDead } from '../engines/owner.ts';
import type { Named } from './words/completion.ts';

export async function namesUp(of: Named): Promise<string> {
  const labs = (await readStates()).filter(({ owner }) => !isDead(owner.identity));
  const names = of === 'host' ? labs.flatMap(({ hosts }) => hosts.map(({ name }) => name)) : labs.map(nameOf);
  return [...new Set(names)].map((name) => `${name}\n`).join('');

  /** Its id where its name is that of two. */
  function nameOf({ lab, id }: (typeof labs)[number]): string {
    return labs.filter((other) => other.lab === lab).length > 1 ? id : lab;
  }
}

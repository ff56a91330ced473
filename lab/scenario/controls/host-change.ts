/** `hosts:` of a control: some hosts brought up otherwise. The keys of the control are laid over those of the scenario. */
import { isMap, type Node } from 'yaml';
import { programKeys } from '../hosts/program.ts';
import type { Entry } from '../text/tree.ts';
import { laidOver, mapOf, pairsOf, textOf } from '../values/lay-over.ts';

/** The keys that say which program runs, and when it is ready. Another program takes the place of all of them. */
const PROGRAM: readonly string[] = ['program', ...Object.keys(programKeys)];

/** All the hosts, as they would be written. */
export function overHosts(own: Entry | undefined, change: Entry): Entry {
  const pairs = pairsOf(own?.value);
  const changes = new Map(pairsOf(change.value).map((pair) => [textOf(pair), pair.value]));
  const laid = pairs.map((pair) => {
    const over = changes.get(textOf(pair));
    if (!isMap(over)) return pair;
    const program = pairsOf(over).some((key) => PROGRAM.includes(textOf(key)) && textOf(key) !== 'ready');
    const kept = pairsOf(pair.value).filter((key) => !program || !PROGRAM.includes(textOf(key)));
    return { ...pair, value: mapOf(over, laidOver(kept, over)) } as typeof pair;
  });
  return { key: 'hosts', at: change.at, value: mapOf(change.value as Node, laid) };
}

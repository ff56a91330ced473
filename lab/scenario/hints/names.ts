/** The names of a file, gathered before anything of it is checked, so that hints can speak of its own hosts. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { type Names, SOMEBODY } from '../../wire/lines/hint.ts';
import { entriesOf } from '../text/tree.ts';
import { NAME } from '../values/values.ts';

const PROGRAMS = ['service', 'image', 'build', 'command'] as const;

/** A host without a program, one with a program, and a network; else the first ones of the file, or those of our examples. */
export function namesIn(root: Node | null): Names {
  const [network = SOMEBODY.network, outside = network] = namesUnder(root, 'networks').keys();
  const hosts = [...namesUnder(root, 'hosts')];
  const [first] = hosts;
  if (first === undefined) return { ...SOMEBODY, network, outside };
  const [host] = hosts.find(([, value]) => !runs(value)) ?? first;
  const others = hosts.filter(([name]) => name !== host);
  const [other] = others.find(([, value]) => runs(value)) ?? others[0] ?? first;
  return { host, other, network, outside };
}

function runs(value: Node | null): boolean {
  return entriesOf(value).some(({ key }) => (PROGRAMS as readonly string[]).includes(key));
}

function namesUnder(root: Node | null, key: string): Map<string, Node | null> {
  const value = entriesOf(root).find((entry) => entry.key === key)?.value;
  const written: [string, Node | null][] = isMap(value)
    ? entriesOf(value).map((entry) => [entry.key, entry.value])
    : isSeq(value)
      ? value.items.map((item) => [isScalar(item) ? String(item.value) : '', null])
      : [];
  return new Map(written.filter(([name]) => NAME.test(name)));
}

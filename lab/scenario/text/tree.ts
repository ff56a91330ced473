/** YAML nodes as plain values, and the way back from a path in the value to its place in the text. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Hint } from '../../wire/lines/hint.ts';
import { type Page, type Place, refuse } from './page.ts';
import type { Part } from './part.ts';

export type Path = readonly PropertyKey[];

export interface Entry {
  key: string;
  /** The key's own node. */
  at: Node;
  value: Node | null;
}

/** Nodes do not change once they are made, and each is looked at many times. */
const known = new WeakMap<Node, Entry[]>();

/** A map's entries in the order written; a key that stands twice counts once. */
export function entriesOf(node: Node | null | undefined): readonly Entry[] {
  if (!isMap(node)) return [];
  const found = known.get(node) ?? readEntries(node);
  known.set(node, found);
  return found;
}

function readEntries(node: YAMLMap): Entry[] {
  const entries = new Map<string, Entry>();
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    if (!isScalar(key) || entries.has(String(key.value))) continue;
    entries.set(String(key.value), { key: String(key.value), at: key, value });
  }
  return [...entries.values()];
}

/** The entries of a node that should be a map; undefined, and refused, where it is something else. */
export function readMap(
  page: Page,
  what: string,
  node: Node | null,
  at: Node,
  hint: Hint = 'write { key: value }, or the keys below it, indented',
): readonly Entry[] | undefined {
  if (isMap(node)) return entriesOf(node);
  if (isAlias(node)) return undefined;
  const empty = node === null || (isScalar(node) && node.value === null);
  refuse(page, empty ? at : node, `${what} is a map, found ${describe(node)}`, { hint });
  return undefined;
}

/** `lan 10.50.1.0/24` and `lan:10.50.1.0/24`: a key and its value, without `: ` between them. */
export function withColon(node: Node | null): string | undefined {
  const value = isScalar(node) ? node.value : undefined;
  const [, key, rest] =
    typeof value === 'string' ? (/^([a-z][\w-]*)(?:\s*[:=]\s*|\s+)(\S+)$/.exec(value) ?? []) : [];
  return key === undefined ? undefined : `write ${key}: ${rest}, with a colon and a space`;
}

/** The items of a node that should be a list; undefined, and refused, where it is something else. */
export function readList(
  page: Page,
  what: string,
  node: Node | null,
  at: Node,
  hint: Hint = 'write [one, two], or each on its own line after "- "',
): Node[] | undefined {
  if (isSeq(node)) return node.items as Node[];
  if (isAlias(node)) return undefined;
  const empty = node === null || (isScalar(node) && node.value === null);
  refuse(page, empty ? at : node, `${what} is a list, found ${describe(node)}`, { hint });
  return undefined;
}

/** A node in words, for a message. */
export function describe(node: Node | null | undefined): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  if (typeof node.value === 'string') return node.value === '' ? 'an empty text' : 'text';
  return `the ${typeof node.value === 'boolean' ? 'truth value' : 'number'} ${node.source ?? node.value}`;
}

/** The prototype of maps. It has no keys, and is not a number when a bound is held against a map, as zod does to every value. */
const NOTHING = Object.freeze(
  Object.create(null, { [Symbol.toPrimitive]: { value: () => Number.NaN } }) as object,
);

/** The value as plain data. Maps inherit no key, so none can mean anything of its own. */
export function plain(node: Node | null | undefined): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => plain(item as Node) ?? null);
  if (!isMap(node)) return node === null ? null : undefined;
  const map: Record<string, unknown> = Object.create(NOTHING);
  for (const { key, value } of entriesOf(node)) map[key] = plain(value);
  return map;
}

/** The node at a path, if it is there. */
export function nodeAt(root: Node | null, path: Path): Node | null | undefined {
  let node: Node | null | undefined = root;
  for (const step of path) {
    if (isSeq(node)) node = node.items[Number(step)] as Node | undefined;
    else node = entriesOf(node).find((entry) => entry.key === String(step))?.value;
    if (node === undefined) return undefined;
  }
  return node;
}

/** Where to point for a path: the value, or its key where it has none, or the nearest thing around it. */
export function placeOf(root: Node | null, path: Path, fallback: Place): Place {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    const empty = isScalar(node) && node.type === 'PLAIN' && node.source === '';
    if (node && !empty) return node;
    const key = length > 0 ? keyAt(root, path.slice(0, length)) : undefined;
    if (key) return key;
  }
  return fallback;
}

/**
 * The place of some of a text's characters in the file. Undefined where that cannot be told, because the file has the text in
 * another form (escapes, several lines).
 */
export function partOf(place: Place | undefined, part: Part | undefined): Place | undefined {
  if (!part || !isScalar(place) || typeof place.value !== 'string' || !place.range) return undefined;
  const quotes = place.type === 'QUOTE_DOUBLE' || place.type === 'QUOTE_SINGLE' ? 1 : 0;
  const [start, end] = place.range;
  if (end - start - 2 * quotes !== place.value.length) return undefined;
  const from = start + quotes + part.from;
  return [from, from + part.length];
}

/** The key node of the last step of a path. */
export function keyAt(root: Node | null, path: Path): Node | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  return entriesOf(parent).find((entry) => entry.key === String(path.at(-1)))?.at;
}

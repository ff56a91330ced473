/** A tree as YAML for a person: shared parts once, small parts on one line, an empty line between services. */
import { Document, isAlias, isMap, isNode, isScalar, type Node, visit } from 'yaml';
import { UNPRINTABLE } from '../../visible.ts';
import type { Yaml } from './services.ts';

const WIDTH = 90;
/** A map of more entries than this has a line for each. */
const MOST_ON_ONE_LINE = 2;

const fits = (node: unknown) => JSON.stringify(node).length < WIDTH;

/**
 * Readers of YAML 1.1 read it too: a text that they would take for a number or a flag (`02:10:20:30:40:50`) is quoted.
 * Objects that occur more than once stand under `x-…` keys, and these keys give them their names.
 */
export function print(tree: { [key: string]: Yaml }): string {
  const document = new Document(tree, { anchorPrefix: 'shared', version: '1.1' });
  nameShared(document, Object.keys(tree));
  visit(document, {
    Map(_key, map, path) {
      const small = map.items.length <= MOST_ON_ONE_LINE && map.items.every(({ value }) => isScalar(value));
      if (path.length > 2) map.flow = small && fits(map);
    },
    Seq(_key, seq) {
      seq.flow = seq.items.every((item) => isScalar(item)) && fits(seq);
    },
  });
  for (const key of Object.keys(tree)) spaced(document.get(key, true), key === 'services');
  for (const { key } of isMap(document.contents) ? document.contents.items : []) space(key);
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === 'string' && needsEscapes(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  // These texts stand between double quotes, where YAML has escapes: each text comes back as it was.
  return text.replace(UNPRINTABLE, escaped).replaceAll(/##(?=[a-z]*\[)/gi, '#\\x23');
}

/** Whether a terminal or a CI runner would act on a part of the text: that part is written as an escape. */
function needsEscapes(text: string): boolean {
  return text.search(UNPRINTABLE) >= 0 || /^[^\S\n]*::/m.test(text) || /##[a-z]*\[/i.test(text);
}

function escaped(character: string): string {
  return `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`;
}

function nameShared(document: Document, keys: string[]): void {
  const names = new Map<string, string>();
  for (const key of keys.filter((each) => each.startsWith('x-'))) {
    const node = document.get(key, true) as { anchor?: string };
    if (node.anchor === undefined) continue;
    names.set(node.anchor, key.slice(2));
    node.anchor = key.slice(2);
  }
  visit(document, {
    Alias(_key, alias) {
      if (isAlias(alias)) alias.source = names.get(alias.source) ?? alias.source;
    },
  });
}

/** An empty line before each entry but the first. */
function spaced(node: unknown, entries: boolean): void {
  if (!entries || !isMap(node)) return;
  for (const { key } of node.items.slice(1)) space(key);
}

function space(key: unknown): void {
  if (isNode(key)) (key as Node).spaceBefore = true;
}

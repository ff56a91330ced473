/** One YAML map laid over another: keys of the upper one replace those of the lower one, maps are laid over maps. */
import { isMap, type Node, type Pair, YAMLMap } from 'yaml';
import { plain } from '../text/tree.ts';

export type NodePair = Pair<Node, Node | null>;

export function pairsOf(node: Node | null | undefined): NodePair[] {
  return isMap(node) ? (node.items as NodePair[]) : [];
}

export function textOf({ key }: NodePair): string {
  return String(plain(key));
}

/** The pairs that are left of the lower map, then those of the upper one. */
export function laidOver(lower: readonly NodePair[], upper: Node | null | undefined): NodePair[] {
  const others = pairsOf(upper);
  const rest = lower.filter((pair) => !others.some((other) => textOf(other) === textOf(pair)));
  const laid = others.map((other) => {
    const mine = lower.find((pair) => textOf(pair) === textOf(other))?.value;
    if (!isMap(mine) || !isMap(other.value)) return other;
    return { ...other, value: mapOf(other.value, laidOver(pairsOf(mine), other.value)) } as NodePair;
  });
  return [...rest, ...laid];
}

/** A map of these pairs that stands where `place` stands. */
export function mapOf(place: Node, pairs: NodePair[]): Node {
  const map = new YAMLMap<Node, Node | null>();
  map.items = pairs;
  map.range = place.range ?? null;
  return map as Node;
}

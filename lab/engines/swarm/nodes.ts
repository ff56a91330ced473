/** The nodes of one lab, and the ways to them. */
import type { Keeper } from './keeper.ts';
import type { Node } from './node.ts';

/** The nodes that a lab may use. Disposing closes the ways to their engines. */
export interface Nodes extends AsyncDisposable {
  all: readonly Node[];
  /** By the node's name: a keeper that is there already, and that goes with the ways. */
  keepers: ReadonlyMap<string, Keeper>;
}

/** Nodes that a fault splits from each other: each shuts the frames of the other side out. */
import type { LabError } from '../../errors.ts';
import type { Keeper } from './keeper.ts';
import type { Node } from './node.ts';

interface Split {
  one: readonly Node[];
  other: readonly Node[];
}

export class Splits {
  readonly #keepers: ReadonlyMap<Node, Keeper>;
  readonly #lost: ReadonlyMap<Node, LabError>;
  readonly #standing = new Set<Split>();

  constructor(keepers: ReadonlyMap<Node, Keeper>, lost: ReadonlyMap<Node, LabError>) {
    this.#keepers = keepers;
    this.#lost = lost;
  }

  /** Calling the result joins the two sides again. A split that cannot be made is undone. */
  async add(split: Split): Promise<() => Promise<void>> {
    const nodes = [...split.one, ...split.other];
    const join = async () => {
      this.#standing.delete(split);
      await this.#tell(nodes);
    };
    this.#standing.add(split);
    try {
      await this.#tell(nodes);
    } catch (error) {
      await join().catch(() => {});
      throw error;
    }
    return join;
  }

  /** A node that is gone is split from all others anyway. */
  async #tell(nodes: readonly Node[]): Promise<void> {
    await Promise.all(
      nodes.map(async (node) => {
        if (this.#lost.has(node)) return;
        await this.#keepers.get(node)?.calls.shutOut(this.#shutOutOf(node));
      }),
    );
  }

  #shutOutOf(node: Node): string[] {
    const from = [...this.#standing].flatMap(({ one, other }) => [
      ...(one.includes(node) ? other : []),
      ...(other.includes(node) ? one : []),
    ]);
    return [...new Set(from.map(({ address }) => address))];
  }
}

/**
 * The patch between a host's `eth0` and its network: `eth0` is one end of a veth pair, `patch0` the other, and
 * nftables forwards frames between `patch0` and the engine's card `wire0`. Faults act here, on the cable: a frame
 * dropped on its way in was sent, and is seen leaving, at the other end. Frames that no card of the lab sent
 * (the engine's bridge: IGMP, MLD) stop here as well.
 */
import type { AgentCalls, CutRequest } from './protocol.ts';
import { tool } from './tool.ts';

export interface Cable {
  /** `0` for `eth0`, `wire0`, `patch0`. */
  index: number;
  members: string[];
}

/** Ours alone: an engine's own rules in this namespace are in other tables. */
const TABLE = 'netdev lanlab';

/** The whole table as one transaction, from what is cut now. MACs in lower case. */
export function compilePatch(cables: readonly Cable[], cuts: readonly CutRequest[]): string {
  const cut = [...new Set(cuts.flatMap(({ from }) => from.map(({ mac }) => mac)))].sort();
  const drop = cut.length > 0 ? [`    ether saddr { ${cut.join(', ')} } drop`] : [];
  const chains = cables.flatMap(({ index, members }) => [
    `  chain out${index} {`,
    `    type filter hook ingress device "patch${index}" priority 0; policy drop;`,
    `    fwd to "wire${index}"`,
    '  }',
    `  chain in${index} {`,
    `    type filter hook ingress device "wire${index}" priority 0; policy drop;`,
    `    ether saddr != { ${members.join(', ')} } drop`,
    ...drop,
    `    fwd to "patch${index}"`,
    '  }',
  ]);
  return [`table ${TABLE}`, `delete table ${TABLE}`, `table ${TABLE} {`, ...chains, '}', ''].join('\n');
}

export class Patch {
  readonly #cables: readonly Cable[];
  readonly #cuts = new Map<string, CutRequest>();

  constructor(cables: readonly Cable[]) {
    this.#cables = cables;
  }

  async cut(request: CutRequest): Promise<void> {
    this.#cuts.set(request.id, request);
    await this.load();
  }

  /** Healing what is not cut is no error. */
  async heal(id: string): Promise<void> {
    if (this.#cuts.delete(id)) await this.load();
  }

  async load(): Promise<void> {
    await tool(['nft', '-f', '-'], compilePatch(this.#cables, [...this.#cuts.values()]));
  }
}

export function patchCalls(patch: () => Patch | undefined): Pick<AgentCalls, 'cut' | 'heal'> {
  const there = () => {
    const found = patch();
    if (!found) throw new Error('this host has no patch: the nft command is missing');
    return found;
  };
  return {
    cut: (request) => there().cut(request),
    heal: ({ id }) => there().heal(id),
  };
}

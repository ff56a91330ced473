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
  /** IPv4 and ARP from others are let in: from the engine's own card, which leads out of the lab. */
  internet?: boolean;
}

/** Ours alone: an engine's own rules in this namespace are in other tables. */
const TABLE = 'netdev lanlab';

/** The whole table as one transaction, from what is cut now. A card without members hears nobody. */
export function compilePatch(cables: readonly Cable[], cuts: readonly CutRequest[]): string {
  const cut = cutOff(cuts);
  const drop = cut.length > 0 ? [`    ether saddr { ${cut.join(', ')} } drop`] : [];
  const chains = cables.flatMap(({ index, members, internet }) => [
    `  chain out${index} {`,
    `    type filter hook ingress device "patch${index}" priority 0; policy drop;`,
    `    fwd to "wire${index}"`,
    '  }',
    `  chain in${index} {`,
    `    type filter hook ingress device "wire${index}" priority 0; policy drop;`,
    ...foreign(members, internet),
    ...drop,
    `    fwd to "patch${index}"`,
    '  }',
  ]);
  return [`table ${TABLE}`, `delete table ${TABLE}`, `table ${TABLE} {`, ...chains, '}', ''].join('\n');
}

/** What of the frames that no card of the lab sent is dropped. */
function foreign(members: readonly string[], internet = false): string[] {
  if (members.length === 0) return ['    drop'];
  const others = `    ether saddr != { ${members.join(', ')} }`;
  // Of an engine's bridge its groups (IGMP) and announcements are nobody's business.
  return internet
    ? [`${others} ether type != { ip, arp } drop`, `${others} ip protocol igmp drop`]
    : [`${others} drop`];
}

function cutOff(cuts: readonly CutRequest[]): string[] {
  return [...new Set(cuts.flatMap(({ from }) => from.map(({ mac }) => mac.toLowerCase())))].sort();
}

/** What cuts the cables of a host, wherever on them it stands. */
export interface Cutting {
  cut(request: CutRequest): Promise<void>;
  heal(id: string): Promise<void>;
  /** MACs whose frames are dropped. */
  cutOff(): Promise<string[]>;
}

export class Patch implements Cutting {
  #cables: readonly Cable[];
  #cuts: ReadonlyMap<string, CutRequest> = new Map();
  #last: Promise<unknown> = Promise.resolve();

  constructor(cables: readonly Cable[]) {
    this.#cables = cables;
  }

  /** A second cut of the same name takes the first one's place. */
  async cut(request: CutRequest): Promise<void> {
    await this.#change((cuts) => cuts.set(request.id, request));
  }

  /** Healing what is not cut is no error. */
  async heal(id: string): Promise<void> {
    await this.#change((cuts) => cuts.delete(id));
  }

  /** The cards whose frames are the lab's from now on, cable by cable. What is cut stays cut. */
  async admit(members: readonly string[][]): Promise<void> {
    this.#cables = this.#cables.map((cable, index) => ({
      ...cable,
      members: members[index] ?? cable.members,
    }));
    await this.load();
  }

  async cutOff(): Promise<string[]> {
    return cutOff([...this.#cuts.values()]);
  }

  async load(): Promise<void> {
    await this.#change(() => {});
  }

  /** One after the other, so that the last one asked for is what is loaded; what nft refuses is not kept. */
  #change(change: (cuts: Map<string, CutRequest>) => unknown): Promise<void> {
    const changed = this.#last.then(async () => {
      const cuts = new Map(this.#cuts);
      change(cuts);
      await tool(['nft', '-f', '-'], compilePatch(this.#cables, [...cuts.values()]));
      this.#cuts = cuts;
    });
    this.#last = changed.catch(() => {});
    return changed;
  }
}

export function patchCalls(patch: () => Cutting | undefined): Pick<AgentCalls, 'cut' | 'heal' | 'cutOff'> {
  const there = () => {
    const found = patch();
    if (!found) throw new Error('this host has no patch: the nft command is missing');
    return found;
  };
  return {
    cut: async (request) => there().cut(request),
    heal: async ({ id }) => there().heal(id),
    cutOff: async () => (await patch()?.cutOff()) ?? [],
  };
}

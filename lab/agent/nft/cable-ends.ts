/** The engine's ends of a host's cables: each is the card that the engine gave for the network on which the cable stands. */
import { tool } from '../tool.ts';

interface End {
  /** The network on which the card began. */
  home: string;
  /** The network on which the cable stands now. */
  network: string;
  /** The engine's card at home, where it is not in use. */
  kept?: string;
}

export class CableEnds {
  /** By card, where it has moved. */
  readonly #ends = new Map<string, End>();
  #number = 0;

  /**
   * The card's cable ends at the engine's card of the network `to`; one that ends there already stays as it is. If that fails, it
   * ends as before. Resolves with the last work, for when frames pass again: cards that nobody needs any more go.
   */
  async lead(
    card: { name: string; mac: string; mtu: number },
    from: string,
    to: string,
  ): Promise<() => Promise<void>> {
    const end = this.#ends.get(card.name) ?? { home: from, network: from };
    this.#ends.set(card.name, end);
    const gone: string[] = [];
    if (end.network !== to) {
      const next = to === end.home ? end.kept : (await strangers()).at(-1);
      if (next === undefined) throw new Error('the engine has given no card');
      const away = `away${this.#number++}`;
      await swap(card, next, away);
      // A host that comes back finds the card of its own network.
      if (end.network === end.home) end.kept = away;
      else gone.push(away);
      if (to === end.home) delete end.kept;
      end.network = to;
    }
    // A move that has failed may have left one.
    return async () => force([...gone, ...(await strangers())].map((name) => `link del ${name}`));
  }
}

/** The engine's end of a card's cable. */
export function wireOf(card: string): string {
  return card.replace('eth', 'wire');
}

/** Puts the engine's card `next` in the place of the one that has it, which is called `away` then. */
async function swap(
  { name, mac, mtu }: { name: string; mac: string; mtu: number },
  next: string,
  away: string,
): Promise<void> {
  const wire = wireOf(name);
  const up = `link set dev ${wire} promisc on arp off up`;
  // An engine may have taken the card of a network away that the host has left.
  await force(renamed(wire, away));
  try {
    await tool(
      ['ip', '-batch', '-'],
      linesOf([
        `link set dev ${next} down`,
        `address flush dev ${next}`,
        `link set dev ${next} address ${mac} mtu ${mtu} addrgenmode none`,
        `link set dev ${next} name ${wire}`,
        up,
      ]),
    );
  } catch (error) {
    await force([...renamed(wire, next), ...renamed(away, wire), up]);
    throw error;
  }
}

function renamed(from: string, to: string): string[] {
  return [`link set dev ${from} down`, `link set dev ${from} name ${to}`];
}

/** The cards that the engine has given and that no cable has, the last one last. It calls them as a host's own cards are called. */
async function strangers(): Promise<string[]> {
  const links = JSON.parse(await tool(['ip', '-j', 'link', 'show'])) as { ifname: string }[];
  const names = links.map(({ ifname }) => ifname);
  return names.filter((name) => /^eth\d+$/.test(name) && !names.includes(name.replace('eth', 'patch')));
}

/** Lines of `ip -batch`. Each is tried, whichever fails. */
export async function force(lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await tool(['ip', '-force', '-batch', '-'], linesOf(lines)).catch(() => {});
}

export function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** The losses of captures: where, how much, and when each was found. A capture with a loss proves no frame absent. */

export interface Loss {
  host: string;
  /** `eth0`; absent where all cards of the host are meant. */
  card?: string;
  /** In words: `3 of 40 frames are missing`. */
  what: string;
  /** Milliseconds since the Unix epoch. */
  time: number;
}

/** `alice eth0: 3 of 40 frames are missing` */
export function lossText({ host, card, what }: Loss): string {
  return `${host}${card === undefined ? '' : ` ${card}`}: ${what}`;
}

/** Each loss is listed once, at its first time; it counts for every step in which it happened. */
export class Losses {
  readonly #all: Loss[] = [];
  /** The last time of each loss. */
  readonly #last = new Map<Loss, number>();

  add(loss: Omit<Loss, 'time'>): void {
    const now = Date.now();
    const known = this.#all.find(
      ({ host, card, what }) => host === loss.host && card === loss.card && what === loss.what,
    );
    const one = known ?? { ...loss, time: now };
    if (!known) this.#all.push(one);
    this.#last.set(one, now);
  }

  get all(): readonly Loss[] {
    return this.#all;
  }

  /** The losses of these hosts since then, in words. */
  of(hosts: readonly string[], since: number): string | undefined {
    const found = this.#all.filter((loss) => hosts.includes(loss.host) && this.#last.get(loss)! >= since);
    return found.length > 0 ? found.map(lossText).join('; ') : undefined;
  }
}

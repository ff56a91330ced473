/** What captures lack: where, how much, and when that came out. A capture with a loss claims no absence. */

export interface Loss {
  host: string;
  /** `eth0`; absent where it is all of the host's. */
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
  /** When each of them happened last. */
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

  /** What these hosts have lacked at any time since then, in words. */
  of(hosts: readonly string[], since: number): string | undefined {
    const found = this.#all.filter((loss) => hosts.includes(loss.host) && this.#last.get(loss)! >= since);
    return found.length > 0 ? found.map(lossText).join('; ') : undefined;
  }
}

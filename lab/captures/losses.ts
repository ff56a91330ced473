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

/** Each loss once, at its first time. */
export class Losses {
  readonly #all: Loss[] = [];

  add(loss: Omit<Loss, 'time'>): void {
    const known = this.#all.some(
      ({ host, card, what }) => host === loss.host && card === loss.card && what === loss.what,
    );
    if (!known) this.#all.push({ ...loss, time: Date.now() });
  }

  get all(): readonly Loss[] {
    return this.#all;
  }

  /** What these hosts lack since then, in words. */
  of(hosts: readonly string[], since: number): string | undefined {
    const found = this.#all.filter(({ host, time }) => hosts.includes(host) && time >= since);
    return found.length > 0 ? found.map(lossText).join('; ') : undefined;
  }
}

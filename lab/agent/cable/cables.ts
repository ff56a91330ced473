/** The cables of a host, or of all hosts of a switch, with the stages of each. A cable is opened when it is first impaired. */

import { Carrier } from './carrier.ts';
import type { Stage, Tally } from './impairment.ts';
import type { CableAccount, OpenCable } from './thread-calls.ts';

/** How an engine opens a cable. In the middle of its changes it calls `carry`, which takes up the cable's frames. */
export type OpenUp = (
  cable: string,
  carry: (hops: Pick<OpenCable, 'out' | 'in' | 'mtu'>) => Promise<void>,
) => Promise<void>;

export class Cables {
  readonly #carrier: Carrier;
  readonly #openUp: OpenUp;
  /** By cable, then by the id of the request, in the order of the requests. */
  readonly #stages = new Map<string, Map<string, Stage[]>>();
  /** Verdicts that nobody has asked for yet, by cable. */
  readonly #verdicts = new Map<string, CableAccount['verdicts']>();
  #last: Promise<unknown> = Promise.resolve();

  /** `begun` is called when frames are carried for the first time. */
  constructor(openUp: OpenUp, begun?: () => void) {
    this.#carrier = new Carrier(begun);
    this.#openUp = openUp;
  }

  /** Adds stages behind those that the cable has. A second request of the same id replaces the first one. */
  impair(cable: string, id: string, stages: readonly Stage[]): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#stages.has(cable)) {
        try {
          await this.#openUp(cable, (hops) => this.#carrier.open({ name: cable, ...hops }));
        } catch (error) {
          // The thread would go on listening at cards that are gone.
          await this.#carrier.close(cable).catch(() => {});
          throw error;
        }
        this.#stages.set(cable, new Map());
      }
      await this.#change(cable, (standing) => standing.set(id, [...stages]));
    });
  }

  /** Removes the stages of this id, if there are any. The cable stays open; without stages it carries frames on at once. */
  relieve(cable: string, id: string): Promise<Tally[]> {
    return this.#inTurn(() => this.#change(cable, (standing) => standing.delete(id)));
  }

  async #change(cable: string, change: (standing: Map<string, Stage[]>) => unknown): Promise<Tally[]> {
    const before = this.#stages.get(cable);
    if (!before) return [];
    const standing = new Map(before);
    change(standing);
    const gone = await this.#carrier.stand({ cable, stages: [...standing.values()].flat() });
    this.#stages.set(cable, standing);
    return gone;
  }

  /** Drops the frames from these cards that still wait on their way to the host. */
  async forget(cable: string, from: readonly string[]): Promise<void> {
    if (!this.#stages.has(cable)) return;
    await this.#carrier.forget({ cable, direction: 'in', from: [...from] });
  }

  /** The verdicts on these cables since the last call, and the tallies of their stages. */
  async told(cables: readonly string[]): Promise<CableAccount> {
    const { verdicts, tallies, missed } = await this.#carrier.told();
    for (const verdict of verdicts) this.#of(verdict.cable).push(verdict);
    const here = cables.map((cable) => {
      const kept = this.#of(cable);
      this.#verdicts.delete(cable);
      return kept;
    });
    const about = ({ cable }: { cable: string }) => cables.includes(cable);
    return { verdicts: here.flat(), tallies: tallies.filter(about), missed: missed.filter(about) };
  }

  #of(cable: string): CableAccount['verdicts'] {
    const kept = this.#verdicts.get(cable) ?? [];
    this.#verdicts.set(cable, kept);
    return kept;
  }

  /** For a card that is on another network now: frames on their way are lost. Later frames leave by the card `sends`. */
  rehang(cable: string, sends?: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#stages.has(cable)) return;
      for (const direction of ['out', 'in'] as const) await this.#carrier.forget({ cable, direction });
      if (sends !== undefined) await this.#carrier.rehang({ cable, sends });
    });
  }

  /** For a host that goes. */
  close(cable: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stages.delete(cable)) await this.#carrier.close(cable);
      this.#verdicts.delete(cable);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

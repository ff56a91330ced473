/** The verdicts of one impairment on frame after frame. It decides on the frames' order, sizes and times alone. */
import { Chance } from './chance.ts';
import type { Drop, Stage } from './impairment.ts';
import { Turns } from './turns.ts';

const ETHERNET = 14;

export interface Decision {
  dropped?: Drop;
  /** Milliseconds on the cable's clock. */
  leaves: number;
  doubled: boolean;
  corrupted: boolean;
  overtaken: boolean;
}

export class Judge {
  readonly #stage: Stage;
  readonly #losses: Loss | undefined;
  readonly #turns: Turns | undefined;
  readonly #chances: Record<'jitter' | 'duplicate' | 'corrupt' | 'reorder' | 'place', Chance>;
  #last = 0;
  /** Frames that it has judged. */
  count = 0;

  constructor(stage: Stage) {
    const { seed, impairment } = stage;
    const chance = (purpose: string) => new Chance(seed, `${stage.direction} ${purpose}`);
    this.#stage = stage;
    this.#losses = impairment.loss && new Loss(impairment.loss, chance('loss'));
    this.#turns = impairment.rate && new Turns(impairment.rate);
    this.#chances = {
      jitter: chance('jitter'),
      duplicate: chance('duplicate'),
      corrupt: chance('corrupt'),
      reorder: chance('reorder'),
      place: chance('place'),
    };
  }

  /** `length` with the Ethernet header; `at` in milliseconds, never less than before. */
  judge(length: number, at: number): Decision {
    const { impairment } = this.#stage;
    const chances = this.#chances;
    this.count += 1;
    // Every kind draws for every frame, so that the fate of one frame does not depend on the fate of another.
    const lost = this.#losses?.next() ?? false;
    const later = this.#delay();
    const doubled = chances.duplicate.happens(impairment.duplicate ?? 0);
    const corrupted = chances.corrupt.happens(impairment.corrupt ?? 0);
    const overtaken = chances.reorder.happens(impairment.reorder ?? 0);
    const none = { leaves: at, doubled: false, corrupted: false, overtaken: false };
    if (impairment.blackhole) return { ...none, dropped: 'blackhole' };
    if (impairment.answer) return { ...none, dropped: impairment.answer };
    if (impairment.mtu !== undefined && length - ETHERNET > impairment.mtu)
      return { ...none, dropped: 'mtu' };
    if (impairment.nth?.includes(this.count)) return { ...none, dropped: 'nth' };
    const sent = this.#turns ? this.#turns.sent(length, at) : at;
    if (sent === undefined) return { ...none, dropped: 'queue' };
    // A frame that is lost on the way has still taken its turn at the rate.
    if (lost) return { ...none, dropped: 'loss' };
    this.#last = Math.max(this.#last, sent + later);
    return { leaves: this.#last, doubled, corrupted, overtaken };
  }

  /**
   * A frame that it judged leaves later than it should by so many milliseconds. Returns by how many the frames behind it must leave
   * later too, so that the rate holds; 0 for none.
   */
  late(by: number): number {
    const rest = this.#turns?.late(by) ?? 0;
    this.#last += rest;
    return rest;
  }

  /** The bit to flip in a frame of so many bytes: none of the Ethernet header. */
  place(length: number): { byte: number; bit: number } {
    const chance = this.#chances.place;
    const behind = Math.min(ETHERNET, length - 1);
    return { byte: behind + chance.below(length - behind), bit: chance.below(8) };
  }

  #delay(): number {
    const { delay = 0, jitter } = this.#stage.impairment;
    if (!jitter) return delay;
    const chance = this.#chances.jitter;
    const drawn = jitter.spread === 'normal' ? chance.normal() : 2 * chance.unit() - 1;
    return Math.max(0, delay + jitter.by * drawn);
  }
}

/**
 * Losses of a mean rate and a mean run length: a good state that loses nothing and a bad one that loses all. With runs of 1 /
 * (1 - rate), the default of `burst`, the losses are independent.
 */
class Loss {
  readonly #chance: Chance;
  readonly #begins: number;
  readonly #ends: number;
  #bad: boolean;

  constructor(
    { rate, burst = 1 / (1 - rate) }: { rate: number; burst?: number | undefined },
    chance: Chance,
  ) {
    this.#chance = chance;
    this.#ends = 1 / burst;
    this.#begins = rate >= 1 ? 1 : (rate * this.#ends) / (1 - rate);
    if (rate >= 1) this.#ends = 0;
    // The state after a long time, so that the first frame is no better off than any other.
    this.#bad = chance.happens(rate);
  }

  next(): boolean {
    const now = this.#bad;
    this.#bad = this.#bad ? !this.#chance.happens(this.#ends) : this.#chance.happens(this.#begins);
    return now;
  }
}

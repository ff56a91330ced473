/**
 * The kernel's time stamps on the cable's clock. A stamp is of the wall clock, and the cable goes by the steady clock of
 * `performance.now`. `performance.timeOrigin` is their difference as read once by a thread that may have lost its turn between
 * the two readings, so it can be wrong by milliseconds. It also stays wrong after the wall clock was set.
 */
import koffi from 'koffi';

const clockGettime = koffi.load(null).func('int clock_gettime(int clock, void *time)');
const CLOCK_REALTIME = 0;
/** Pairs of readings at once: the one whose two steady readings are closest counts. */
const PAIRS = 5;
/** Milliseconds for which a difference is trusted. */
const TRUSTED = 1_000;
/** Milliseconds. A frame that seems to have waited for longer came before somebody set the clock. */
const CLOCK_STEPPED = 5_000;

const time = Buffer.alloc(16);

/** The wall clock in milliseconds since 1970, with their fraction. */
function wallClock(): number {
  clockGettime(CLOCK_REALTIME, time);
  return Number(time.readBigInt64LE(0)) * 1e3 + Number(time.readBigInt64LE(8)) / 1e6;
}

/** Reads the difference of the two clocks, and again after a while. */
export class Stamps {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #readAt = Number.NEGATIVE_INFINITY;
  #difference = 0;

  /** Both in milliseconds. */
  constructor(wall = wallClock, steady = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
  }

  /** A stamp (seconds since 1970) on the steady clock, in milliseconds: never earlier than it was, and later by microseconds. */
  onCable(seconds: number): number {
    if (this.#steady() - this.#readAt > TRUSTED) this.#read();
    return seconds * 1000 - this.#difference;
  }

  /**
   * When a frame came, on the steady clock: by its stamp, so that it makes no difference when this thread had its turn. The
   * present is read after the frame was taken: a thread that loses its turn between the two would let the frame go too early.
   */
  came(seconds: number): number {
    const came = this.onCable(seconds);
    const now = this.#steady();
    return now - came < CLOCK_STEPPED && came < now ? came : now;
  }

  #read(): void {
    let closest = Number.POSITIVE_INFINITY;
    for (let pair = 0; pair < PAIRS; pair++) {
      const before = this.#steady();
      const wall = this.#wall();
      const after = this.#steady();
      if (after - before >= closest) continue;
      closest = after - before;
      this.#difference = wall - after;
      this.#readAt = after;
    }
  }
}

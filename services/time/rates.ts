/** An address that asks for the time too often gets a kiss-o'-death once a second (RFC 5905, section 7.4), and no other answer. */
import { Budget } from '../budget.ts';

/** Requests a second. A client's burst at its start (`iburst`) is four to eight, two seconds apart. */
export const NTP_RATE = 16;
/** Seconds for which an address that asks nothing saves up. */
const SAVED_S = 4;

export class Rates {
  readonly reason: string;
  readonly #requests: Budget | undefined;
  readonly #kisses = new Budget({ rate: 1, saved: 1 });

  /** `rate` in requests a second from one address; 0 is no limit. */
  constructor(rate = NTP_RATE) {
    this.#requests = rate === 0 ? undefined : new Budget({ rate, saved: rate * SAVED_S });
    this.reason = `this address asks more than ${rate} times a second`;
  }

  /** The treatment of the next request of an address. */
  of(address: string): 'answer' | 'kiss' | 'ignore' {
    if (this.#requests === undefined || this.#requests.take(address, 1)) return 'answer';
    return this.#kisses.take(address, 1) ? 'kiss' : 'ignore';
  }
}

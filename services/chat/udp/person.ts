/** Somebody who speaks over UDP: gets each line as a datagram, or, before the address has answered, as many as it may get. */
import type { Endpoint } from '../../events.ts';
import type { Heard, Person, Room } from '../model.ts';
import { place } from '../people.ts';
import { type Allowance, ONE } from './allowance.ts';

export class UdpPerson implements Person {
  name: string;
  readonly peer: Endpoint;
  readonly transport = 'udp';
  readonly user = 'udp';
  readonly realName: string;
  readonly rooms = new Set<Room>();
  /** Sends one datagram, from the address that was last written to. */
  say: (line: Buffer) => void;
  /** Milliseconds, on a steady clock. */
  heard = performance.now();
  /** The address has answered: it is sent everything. */
  isProven = false;
  readonly #allowance: Allowance;

  constructor(name: string, peer: Endpoint, say: (line: Buffer) => void, allowance: Allowance) {
    this.name = name;
    this.peer = peer;
    this.realName = `over UDP from ${place(peer)}`;
    this.say = say;
    this.#allowance = allowance;
  }

  hears(said: Heard): void {
    const { datagram } = said;
    if (datagram === null) return;
    if (this.isProven || this.#allowance.take(this.peer, datagram.length)) {
      this.say(datagram);
      return;
    }
    said.report('omit', { to: this.peer, bytes: datagram.length });
    if (this.#allowance.notices(this.peer)) this.say(Buffer.from(`relay: ${this.#leftOut()}`));
  }

  sees(): void {}

  /** The relay's answer to `/here`. */
  proves(token: string): string {
    this.isProven ||= this.#allowance.proves(this.peer, token);
    return this.isProven ? 'you are there: nothing is left out for you' : `say ${this.#proof()}`;
  }

  #leftOut(): string {
    return `lines are left out, because you are sent ${ONE.rate} bytes a second at most until you say ${this.#proof()}`;
  }

  #proof(): string {
    return `/here ${this.#allowance.token(this.peer)}`;
  }
}

/** Does the bidding of each datagram: a login, a line for the common room or for one person, a list of all people. */

import type { Datagram } from '../../udp-sockets.ts';
import { label, place } from '../people.ts';
import type { Relay } from '../relay.ts';
import { Allowance } from './allowance.ts';
import { type Line, parseLine } from './line.ts';
import { Peers } from './peers.ts';
import { UdpPerson } from './person.ts';

const HELP = '/login NAME, /to NAME TEXT, /who, /here TOKEN, /quit; anything else goes to everyone else';
/** `/who` is one datagram that fits a frame, however many are there. */
const WHO_BYTES = 1024;
/** Bytes of the answer to `/who` for an address that has used up its allowance. */
const WHO_LEAST = 128;

export class Desk {
  readonly #relay: Relay;
  readonly #idleMs: number;
  readonly #peers = new Peers();
  readonly #allowance = new Allowance();

  constructor(relay: Relay, idleMs: number) {
    this.#relay = relay;
    this.#idleMs = idleMs;
  }

  /** Takes out those who have been silent too long. */
  sweep(): UdpPerson[] {
    const silent = this.#peers.silent(performance.now() - this.#idleMs);
    for (const person of silent) this.#leave(person, 'silent');
    return silent;
  }

  /** Forgets addresses that were sent nothing for some time. */
  forget(): void {
    this.#allowance.sweep();
  }

  /** Does what a datagram asks. Returns the relay's answer to its sender, if there is one. */
  take(datagram: Datagram): string | undefined {
    const person = this.#peers.at(datagram.peer);
    if (person !== undefined) this.#peers.hear(person, datagram.reply);
    this.#allowance.earn(datagram.peer, datagram.data.length);
    const line = parseLine(datagram.data);
    if (line.kind === 'wrong') return line.why;
    if (line.kind === 'help') return HELP;
    if (line.kind === 'login') return this.#login(datagram, line.name, person);
    if (person === undefined) return 'log in first: /login NAME';
    return this.#do(datagram, line, person);
  }

  #do(datagram: Datagram, line: Line, person: UdpPerson): string | undefined {
    if (line.kind === 'who') return this.#who(person);
    if (line.kind === 'here') return person.proves(line.token);
    if (line.kind === 'quit') {
      this.#leave(person, 'quit');
      datagram.report('logout', { name: person.name, reason: 'quit' });
      return `goodbye ${person.name}`;
    }
    const { people, rooms } = this.#relay;
    if (line.kind === 'to') {
      const other = people.named(line.name);
      if (other === undefined) return `nobody here is called ${line.name}: /who lists everybody who is here`;
      this.#relay.tell(other, { from: person, text: line.text, report: datagram.report });
    }
    if (line.kind === 'say') {
      this.#relay.say(rooms.common, { from: person, text: line.text, report: datagram.report });
    }
    return undefined;
  }

  #login(datagram: Datagram, name: string, person: UdpPerson | undefined): string {
    const { peer } = datagram;
    const { people, rooms } = this.#relay;
    const holder = people.named(name);
    if (holder !== undefined && holder !== person) {
      return `the name ${holder.name} is taken by someone at ${place(holder.peer)}: choose another`;
    }
    if (person === undefined && people.full) return 'there is no room for another person';
    if (person === undefined) {
      const newcomer = new UdpPerson(name, peer, datagram.reply, this.#allowance);
      this.#peers.add(newcomer);
      people.add(newcomer);
      this.#relay.join(newcomer, rooms.common);
    } else if (person.name !== name) this.#relay.rename(person, name);
    datagram.report('login', { name });
    return `welcome ${name}, you speak from ${place(peer)}`;
  }

  #leave(person: UdpPerson, why: string): void {
    this.#peers.remove(person);
    this.#relay.leave(person, why);
  }

  #who(person: UdpPerson): string {
    const text = this.#whoWithin(person.isProven ? WHO_BYTES : this.#whoBytes(person));
    if (!person.isProven) this.#allowance.take(person.peer, Buffer.byteLength(text));
    return text;
  }

  #whoBytes(person: UdpPerson): number {
    return Math.max(WHO_LEAST, Math.min(WHO_BYTES, this.#allowance.left(person.peer)));
  }

  #whoWithin(bytes: number): string {
    const { people } = this.#relay;
    let text = 'here: ';
    let told = 0;
    for (const person of people.all()) {
      const next = `${told === 0 ? '' : ', '}${label(person)}`;
      if (Buffer.byteLength(text + next) > bytes) return `${text} and ${people.count - told} more`;
      text += next;
      told += 1;
    }
    return text;
  }
}

/** The people at the relay: names and addresses, each once, and when each was last heard of. At most `limit` people. */
import type { Endpoint } from '../events.ts';

export interface Person {
  name: string;
  readonly peer: Endpoint;
  /** Sends them one datagram, from the address they last wrote to. */
  say: (line: Buffer) => void;
  /** Milliseconds, on a steady clock. */
  heard: number;
  /** The address has answered: it is sent everything. */
  proven: boolean;
}

export class People {
  readonly #byPeer = new Map<string, Person>();
  readonly #byName = new Map<string, Person>();
  /** In the order in which they were last heard of, so that silent people are found without a look at everybody. */
  readonly #byHeard = new Set<Person>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#byPeer.size >= this.#limit;
  }

  get count(): number {
    return this.#byPeer.size;
  }

  all(): IterableIterator<Person> {
    return this.#byPeer.values();
  }

  named(name: string): Person | undefined {
    return this.#byName.get(name);
  }

  at(peer: Endpoint): Person | undefined {
    return this.#byPeer.get(key(peer));
  }

  add(person: Person): void {
    this.#byPeer.set(key(person.peer), person);
    this.#byName.set(person.name, person);
    this.#byHeard.add(person);
  }

  /** They have just been heard of, and are answered by `say` from now on. */
  hear(person: Person, say: Person['say']): void {
    person.say = say;
    person.heard = performance.now();
    this.#byHeard.delete(person);
    this.#byHeard.add(person);
  }

  rename(person: Person, name: string): void {
    this.#byName.delete(person.name);
    person.name = name;
    this.#byName.set(name, person);
  }

  remove(person: Person): void {
    this.#byPeer.delete(key(person.peer));
    this.#byName.delete(person.name);
    this.#byHeard.delete(person);
  }

  /** Removes and returns those not heard of since `time`. */
  removeSilent(time: number): Person[] {
    const silent: Person[] = [];
    for (const person of this.#byHeard) {
      if (person.heard >= time) break;
      silent.push(person);
    }
    for (const person of silent) this.remove(person);
    return silent;
  }
}

function key(peer: Endpoint): string {
  return `${peer.address} ${peer.port}`;
}

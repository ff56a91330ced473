/** Who is there: names and addresses, each once, and when each was last heard of. At most `limit` people. */
import type { Endpoint } from '../events.ts';

export interface Person {
  name: string;
  readonly peer: Endpoint;
  /** Sends them one datagram, from the address they last wrote to. */
  say: (line: string) => void;
  /** Milliseconds, on a steady clock. */
  heard: number;
}

export class People {
  readonly #byPeer = new Map<string, Person>();
  readonly #byName = new Map<string, Person>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#byPeer.size >= this.#limit;
  }

  all(): Person[] {
    return [...this.#byPeer.values()];
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
  }

  rename(person: Person, name: string): void {
    this.#byName.delete(person.name);
    person.name = name;
    this.#byName.set(name, person);
  }

  remove(person: Person): void {
    this.#byPeer.delete(key(person.peer));
    this.#byName.delete(person.name);
  }

  /** Removes and returns those not heard of since `time`. */
  removeSilent(time: number): Person[] {
    const silent = this.all().filter((person) => person.heard < time);
    for (const person of silent) this.remove(person);
    return silent;
  }
}

function key(peer: Endpoint): string {
  return `${peer.address} ${peer.port}`;
}

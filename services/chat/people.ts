/** The people in the chat, over UDP and over IRC: one set of names, and at most `limit` people. */
import type { Endpoint } from '../events.ts';
import type { Person } from './model.ts';
import { folded } from './name.ts';

export class People {
  readonly #byName = new Map<string, Person>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#byName.size >= this.#limit;
  }

  get count(): number {
    return this.#byName.size;
  }

  all(): IterableIterator<Person> {
    return this.#byName.values();
  }

  named(name: string): Person | undefined {
    return this.#byName.get(folded(name));
  }

  add(person: Person): void {
    this.#byName.set(folded(person.name), person);
  }

  rename(person: Person, name: string): void {
    this.#byName.delete(folded(person.name));
    person.name = name;
    this.#byName.set(folded(name), person);
  }

  remove(person: Person): void {
    this.#byName.delete(folded(person.name));
  }
}

/** `alice (10.50.1.21:40000)`, as people over UDP see it. */
export function label(person: Person): string {
  return `${person.name} (${place(person.peer)})`;
}

/** `alice!~alice@10.50.1.21`, the source of a line of IRC (RFC 2812 section 2.3.1). */
export function mask(person: Person): string {
  return `${person.name}!${person.user}@${hostOf(person.peer)}`;
}

/** In a line of IRC no parameter but the last may begin with a colon, as `::1` does. */
export function hostOf({ address }: Endpoint): string {
  return address.startsWith(':') ? `0${address}` : address;
}

export function place({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

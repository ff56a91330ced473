/** The people who speak over UDP, by their addresses and ports, in the order in which they were last heard of. */
import type { Endpoint } from '../../events.ts';
import type { UdpPerson } from './person.ts';

export class Peers {
  readonly #byPeer = new Map<string, UdpPerson>();
  /** So that silent people are found without a look at everybody. */
  readonly #byHeard = new Set<UdpPerson>();

  at(peer: Endpoint): UdpPerson | undefined {
    return this.#byPeer.get(key(peer));
  }

  add(person: UdpPerson): void {
    this.#byPeer.set(key(person.peer), person);
    this.#byHeard.add(person);
  }

  /** They have just been heard of, and are answered by `say` from now on. */
  hear(person: UdpPerson, say: (line: Buffer) => void): void {
    person.say = say;
    person.heard = performance.now();
    this.#byHeard.delete(person);
    this.#byHeard.add(person);
  }

  remove(person: UdpPerson): void {
    this.#byPeer.delete(key(person.peer));
    this.#byHeard.delete(person);
  }

  /** Those not heard of since `time`. */
  silent(time: number): UdpPerson[] {
    const found: UdpPerson[] = [];
    for (const person of this.#byHeard) {
      if (person.heard >= time) break;
      found.push(person);
    }
    return found;
  }
}

function key(peer: Endpoint): string {
  return `${peer.address} ${peer.port}`;
}

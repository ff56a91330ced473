/** A chat relay over UDP: people log in, it learns the address each speaks from, and forwards their lines. */

import { ALL_HOSTS, EVERY_ADDRESS } from '../environment.ts';
import { type Endpoint, emitter } from '../events.ts';
import type { Service, ServiceOptions } from '../serve.ts';
import { type Datagram, listenDatagram } from '../udp-sockets.ts';
import { Allowance, ONE } from './allowance.ts';
import { type Line, parseLine } from './line.ts';
import { People, type Person } from './people.ts';

export interface ChatOptions extends ServiceOptions {
  /** Default 9000. */
  readonly port?: number;
  /** Someone not heard of for so many seconds is gone. Default 60. */
  readonly idleSeconds?: number;
  /** The largest number of people. Default 1000. */
  readonly people?: number;
  /** Multicast groups heard besides the host's own addresses. Default: all hosts of the link. */
  readonly groups?: readonly string[];
}

const HELP = '/login NAME, /to NAME TEXT, /who, /here TOKEN, /quit; anything else goes to everyone else';
/** `/who` is one datagram that fits a frame, however many are there. */
const WHO_BYTES = 1024;
/** Bytes of the answer to `/who` for an address that has used up its allowance. */
const WHO_LEAST = 128;

/** @throws StartError when the port is in use or not permitted. */
export async function createChat(options: ChatOptions = {}): Promise<Service> {
  const events = emitter(options.events, options.onEvent);
  const room = new Room(options);
  const leave = (person: Person): void =>
    events.emit({
      event: 'logout',
      transport: 'udp',
      peer: person.peer,
      name: person.name,
      reason: 'silent',
    });
  const service = await listenDatagram({
    hosts: options.hosts ?? EVERY_ADDRESS,
    groups: options.groups ?? ALL_HOSTS,
    events,
    service: 'chat',
    port: options.port ?? 9000,
    setting: 'PORT',
    onDatagram(datagram) {
      room.sweep().forEach(leave);
      const answer = room.take(datagram);
      if (answer !== undefined) datagram.reply(Buffer.from(`relay: ${answer}`));
    },
  });
  // Also when nobody writes, so that the event comes when they are gone.
  const timer = setInterval(
    () => {
      room.sweep().forEach(leave);
      room.forget();
    },
    Math.min(1000, room.idleMs / 2),
  );
  events.emit({ event: 'ready', program: 'chat', listening: service.addresses });
  return {
    get addresses() {
      return service.addresses;
    },
    close(graceMs) {
      clearInterval(timer);
      return service.close(graceMs);
    },
  };
}

class Room {
  readonly idleMs: number;
  readonly #people: People;
  readonly #allowance = new Allowance();

  constructor(options: ChatOptions) {
    this.idleMs = (options.idleSeconds ?? 60) * 1000;
    this.#people = new People(options.people ?? 1000);
  }

  /** Takes out those who have been silent too long. */
  sweep(): Person[] {
    return this.#people.removeSilent(performance.now() - this.idleMs);
  }

  /** Forgets addresses that were sent nothing for some time. */
  forget(): void {
    this.#allowance.sweep();
  }

  /** Does what a datagram asks. Returns the relay's answer to its sender, if there is one. */
  take(datagram: Datagram): string | undefined {
    const person = this.#people.at(datagram.peer);
    const say = (line: Buffer): void => datagram.reply(line);
    if (person !== undefined) this.#people.hear(person, say);
    this.#allowance.earn(datagram.peer, datagram.data.length);
    const line = parseLine(datagram.data);
    if (line.kind === 'wrong') return line.why;
    if (line.kind === 'help') return HELP;
    if (line.kind === 'login') return this.#login(datagram, line.name, person, say);
    if (person === undefined) return 'log in first: /login NAME';
    return this.#do(datagram, line, person);
  }

  #do(datagram: Datagram, line: Line, person: Person): string | undefined {
    if (line.kind === 'who') return this.#who(person);
    if (line.kind === 'here') return this.#here(person, line.token);
    if (line.kind === 'quit') {
      this.#people.remove(person);
      datagram.report('logout', { name: person.name, reason: 'quit' });
      return `goodbye ${person.name}`;
    }
    if (line.kind === 'to') {
      const other = this.#people.named(line.name);
      if (other === undefined) return `nobody here is called ${line.name}: /who lists everybody who is here`;
      this.#hand(datagram, other, Buffer.from(`${label(person)} to you: ${line.text}`));
    }
    if (line.kind === 'say') {
      const text = Buffer.from(`${label(person)}: ${line.text}`);
      for (const other of this.#people.all()) {
        if (other !== person) this.#hand(datagram, other, text);
      }
    }
    return undefined;
  }

  /** Sends a line on, or leaves it out where an address without a proof has used up its bytes. */
  #hand(datagram: Datagram, to: Person, text: Buffer): void {
    if (to.proven || this.#allowance.take(to.peer, text.length)) {
      to.say(text);
      return;
    }
    datagram.report('omit', { to: to.peer, bytes: text.length });
    if (this.#allowance.notices(to.peer)) to.say(Buffer.from(`relay: ${this.#leftOut(to)}`));
  }

  #leftOut(person: Person): string {
    return `lines are left out, because you are sent ${ONE.rate} bytes a second at most until you say ${this.#proof(person)}`;
  }

  #here(person: Person, token: string): string {
    person.proven ||= this.#allowance.proves(person.peer, token);
    return person.proven ? 'you are there: nothing is left out for you' : `say ${this.#proof(person)}`;
  }

  #proof(person: Person): string {
    return `/here ${this.#allowance.token(person.peer)}`;
  }

  #login(datagram: Datagram, name: string, person: Person | undefined, say: (line: Buffer) => void): string {
    const { peer } = datagram;
    const holder = this.#people.named(name);
    if (holder !== undefined && holder !== person) {
      return `the name ${name} is taken by someone at ${place(holder.peer)}: choose another`;
    }
    if (person === undefined && this.#people.full) return 'there is no room for another person';
    if (person === undefined) this.#people.add({ name, peer, say, heard: performance.now(), proven: false });
    else this.#people.rename(person, name);
    datagram.report('login', { name });
    return `welcome ${name}, you speak from ${place(peer)}`;
  }

  #who(person: Person): string {
    const text = this.#whoWithin(person.proven ? WHO_BYTES : this.#whoBytes(person));
    if (!person.proven) this.#allowance.take(person.peer, Buffer.byteLength(text));
    return text;
  }

  #whoBytes(person: Person): number {
    return Math.max(WHO_LEAST, Math.min(WHO_BYTES, this.#allowance.left(person.peer)));
  }

  #whoWithin(bytes: number): string {
    let text = 'here: ';
    let told = 0;
    for (const person of this.#people.all()) {
      const next = `${told === 0 ? '' : ', '}${label(person)}`;
      if (Buffer.byteLength(text + next) > bytes) return `${text} and ${this.#people.count - told} more`;
      text += next;
      told += 1;
    }
    return text;
  }
}

function label(person: Person): string {
  return `${person.name} (${place(person.peer)})`;
}

function place({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

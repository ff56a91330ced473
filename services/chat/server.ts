/** A chat relay over UDP: people log in, it learns the address each speaks from, and forwards their lines. */
import { type Datagram, listenDatagram } from '../datagram.ts';
import { ALL_HOSTS, EVERY_ADDRESS } from '../environment.ts';
import { type Endpoint, emitter } from '../events.ts';
import type { Service, ServiceOptions } from '../serve.ts';
import { type Line, parseLine } from './line.ts';
import { People, type Person } from './people.ts';

export interface ChatOptions extends ServiceOptions {
  /** Default 9000. */
  readonly port?: number;
  /** Someone not heard of for so many seconds is gone. Default 60. */
  readonly idleSeconds?: number;
  /** How many people there can be. Default 1000. */
  readonly people?: number;
  /** Multicast groups heard besides the host's own addresses. Default: all hosts of the link. */
  readonly groups?: readonly string[];
}

const HELP = '/login NAME, /to NAME TEXT, /who, /quit; anything else goes to everyone else';
/** `/who` is one datagram that fits a frame, however many are there. */
const WHO_BYTES = 1024;

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
  const timer = setInterval(() => room.sweep().forEach(leave), Math.min(1000, room.idleMs / 2));
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

  constructor(options: ChatOptions) {
    this.idleMs = (options.idleSeconds ?? 60) * 1000;
    this.#people = new People(options.people ?? 1000);
  }

  /** Takes out those who have been silent too long. */
  sweep(): Person[] {
    return this.#people.removeSilent(performance.now() - this.idleMs);
  }

  /** Does what a datagram asks. Returns what the relay has to say to its sender, if anything. */
  take(datagram: Datagram): string | undefined {
    const person = this.#people.at(datagram.peer);
    const say = (line: string): void => datagram.reply(Buffer.from(line));
    if (person !== undefined) Object.assign(person, { say, heard: performance.now() });
    const line = parseLine(datagram.data);
    if (line.kind === 'wrong') return line.why;
    if (line.kind === 'help') return HELP;
    if (line.kind === 'login') return this.#login(datagram, line.name, person, say);
    if (person === undefined) return 'log in first: /login NAME';
    return this.#do(datagram, line, person);
  }

  #do(datagram: Datagram, line: Line, person: Person): string | undefined {
    if (line.kind === 'who') return this.#who();
    if (line.kind === 'quit') {
      this.#people.remove(person);
      datagram.report('logout', { name: person.name, reason: 'quit' });
      return `goodbye ${person.name}`;
    }
    if (line.kind === 'to') {
      const other = this.#people.named(line.name);
      if (other === undefined) return `nobody here is called ${line.name}: /who tells who is`;
      other.say(`${label(person)} to you: ${line.text}`);
    }
    if (line.kind === 'say') {
      for (const other of this.#people.all()) {
        if (other !== person) other.say(`${label(person)}: ${line.text}`);
      }
    }
    return undefined;
  }

  #login(datagram: Datagram, name: string, person: Person | undefined, say: (line: string) => void): string {
    const { peer } = datagram;
    const holder = this.#people.named(name);
    if (holder !== undefined && holder !== person) {
      return `the name ${name} is taken by someone at ${place(holder.peer)}: choose another`;
    }
    if (person === undefined && this.#people.full) return 'there is no room for another person';
    if (person === undefined) this.#people.add({ name, peer, say, heard: performance.now() });
    else this.#people.rename(person, name);
    datagram.report('login', { name });
    return `welcome ${name}, you speak from ${place(peer)}`;
  }

  #who(): string {
    const labels = this.#people.all().map(label);
    let text = 'here: ';
    for (const [at, one] of labels.entries()) {
      const next = `${at === 0 ? '' : ', '}${one}`;
      if (Buffer.byteLength(text + next) > WHO_BYTES) return `${text} and ${labels.length - at} more`;
      text += next;
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

/** The chat itself: who is here, in which rooms, and who hears whom. It knows nothing of datagrams and connections. */
import { lineOf } from './irc/line.ts';
import type { Person, Room } from './model.ts';
import { mask, People } from './people.ts';
import { Rooms } from './rooms.ts';
import { Said, type Saying } from './said.ts';

export class Relay {
  readonly people: People;
  readonly rooms = new Rooms();

  constructor(limit: number) {
    this.people = new People(limit);
  }

  rename(person: Person, name: string): void {
    const line = lineOf(`:${mask(person)} NICK ${name}`);
    this.people.rename(person, name);
    for (const one of neighbours(person).add(person)) one.sees(line);
  }

  join(person: Person, room: Room): void {
    room.members.add(person);
    person.rooms.add(room);
    this.#show(room, lineOf(`:${mask(person)} JOIN ${room.name}`));
  }

  part(person: Person, room: Room, why: string): void {
    this.#show(room, lineOf(`:${mask(person)} PART ${room.name}${why === '' ? '' : ` :${why}`}`));
    this.#out(person, room);
  }

  /** Says something to one person. */
  tell(to: Person, saying: Omit<Saying, 'to' | 'isPrivate'>): void {
    to.hears(new Said({ ...saying, to: to.name, isPrivate: true }));
  }

  /** Says something to all others in a room. */
  say(room: Room, saying: Omit<Saying, 'to' | 'isPrivate'>): void {
    const said = new Said({ ...saying, to: room.name, isPrivate: false });
    if (!saying.isNotice) room.history.add(said.lines);
    for (const one of room.members) if (one !== saying.from) one.hears(said);
  }

  /** Others are told where it changes something. */
  topic(person: Person, room: Room, text: string): void {
    const line = lineOf(`:${mask(person)} TOPIC ${room.name} :${text}`);
    if (text === (room.topic?.text ?? '')) {
      person.sees(line);
      return;
    }
    if (text === '') delete room.topic;
    else room.topic = { text, by: person.name, at: Math.floor(Date.now() / 1000) };
    this.#show(room, line);
  }

  /** The person is gone, and the others in the person's rooms see why. */
  leave(person: Person, why: string): void {
    this.people.remove(person);
    const others = neighbours(person);
    for (const room of person.rooms) this.#out(person, room);
    if (others.size === 0) return;
    const line = lineOf(`:${mask(person)} QUIT :${why}`);
    for (const one of others) one.sees(line);
  }

  #out(person: Person, room: Room): void {
    room.members.delete(person);
    person.rooms.delete(room);
    this.rooms.left(room);
  }

  #show(room: Room, line: Buffer): void {
    for (const one of room.members) one.sees(line);
  }
}

/** The others in a person's rooms, each once. */
function neighbours(person: Person): Set<Person> {
  const found = new Set<Person>();
  for (const { members } of person.rooms) for (const one of members) found.add(one);
  found.delete(person);
  return found;
}

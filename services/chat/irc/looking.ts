/** NAMES, LIST, WHO and WHOIS tell which people are where (RFC 2812 sections 3.2.5, 3.2.6, 3.6). */
import type { Person, Room } from '../model.ts';
import { hostOf, place } from '../people.ts';
import { MESSAGE_LIMIT } from './line.ts';
import { numeric, SERVER } from './numerics.ts';
import type { Session } from './session.ts';

/** At most so many people are in an answer. */
const WHO_LIMIT = 500;

export function names(session: Session, [rooms]: readonly string[]): void {
  const { relay } = session;
  if (rooms === undefined) {
    session.tells(366, '*');
    return;
  }
  for (const name of new Set(rooms.split(','))) {
    const room = relay.rooms.named(name);
    if (room === undefined) session.tells(366, name);
    else tellNames(session, room);
  }
}

/** As many names on a line as it has room for. */
export function tellNames(session: Session, { name, members }: Room): void {
  const head = `= ${name} :`;
  const room = MESSAGE_LIMIT - Buffer.byteLength(numeric(353, session.name, head));
  let line: string[] = [];
  let bytes = 0;
  for (const { name: one } of members) {
    const more = Buffer.byteLength(one) + 1;
    if (bytes + more > room) {
      session.numeric(353, head + line.join(' '));
      line = [];
      bytes = 0;
    }
    line.push(one);
    bytes += more;
  }
  if (line.length > 0) session.numeric(353, head + line.join(' '));
  session.tells(366, name);
}

export function list(session: Session, [asked]: readonly string[]): void {
  const wanted = asked === undefined ? undefined : new Set(asked.toLowerCase().split(','));
  for (const room of session.relay.rooms.all()) {
    if (wanted && !wanted.has(room.name.toLowerCase())) continue;
    session.numeric(322, `${room.name} ${room.members.size} :${room.topic?.text ?? ''}`);
  }
  session.tells(323);
}

/** A room's people, one person, or, with `*` or `0`, everybody. */
export function who(session: Session, [asked = '*']: readonly string[]): void {
  const { people, rooms } = session.relay;
  const room = rooms.named(asked);
  const person = people.named(asked);
  const found = asked === '*' || asked === '0' ? people.all() : (room?.members ?? (person ? [person] : []));
  let told = 0;
  for (const one of found) {
    if (told++ === WHO_LIMIT) break;
    session.numeric(352, whoLine(one, room?.name ?? [...one.rooms][0]?.name ?? '*'));
  }
  session.tells(315, asked);
}

function whoLine({ user, peer, name, realName }: Person, room: string): string {
  return `${room} ${user} ${hostOf(peer)} ${SERVER} ${name} H :0 ${realName}`;
}

export function whois(session: Session, params: readonly string[]): void {
  const asked = params.at(-1);
  if (asked === undefined) {
    session.tells(431);
    return;
  }
  const person = session.relay.people.named(asked);
  if (person === undefined) session.tells(401, asked);
  else {
    const { name, user, peer, realName, rooms, transport } = person;
    session.numeric(311, `${name} ${user} ${hostOf(peer)} * :${realName}`);
    if (rooms.size > 0) session.numeric(319, `${name} :${[...rooms].map((room) => room.name).join(' ')}`);
    session.numeric(312, `${name} ${SERVER} :over ${transport.toUpperCase()}, from ${place(peer)}`);
  }
  session.tells(318, asked);
}

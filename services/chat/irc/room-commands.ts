/** Rooms: JOIN, PART and TOPIC (RFC 2812 sections 3.2.1, 3.2.2, 3.2.4). */
import type { Room } from '../model.ts';
import { isRoomName } from '../rooms.ts';
import { tellNames } from './looking.ts';
import { SERVER } from './numerics.ts';
import type { Session } from './session.ts';

/** Rooms in which one person may be. */
export const ROOMS_OF_ONE = 10;
/** Characters. */
export const TOPIC_LIMIT = 300;

export function join(session: Session, [rooms]: readonly string[]): void {
  if (rooms === undefined) {
    session.tells(461, 'JOIN');
    return;
  }
  // Zero is no room: it leaves all.
  if (rooms === '0') for (const room of session.rooms) session.relay.part(session, room, session.name);
  else for (const name of listed(rooms)) joinOne(session, name);
}

function joinOne(session: Session, name: string): void {
  const { relay } = session;
  if (!isRoomName(name)) {
    session.tells(403, name);
    return;
  }
  const found = relay.rooms.named(name);
  if (found && session.rooms.has(found)) return;
  if (session.rooms.size >= ROOMS_OF_ONE || (found === undefined && relay.rooms.full)) {
    session.tells(405, name);
    return;
  }
  const room = found ?? relay.rooms.make(name);
  relay.join(session, room);
  session.connection.report('join', { name: session.name, room: room.name });
  if (room.topic) tellTopic(session, room);
  tellNames(session, room);
  tellHistory(session, room);
}

export function part(session: Session, [rooms, why = '']: readonly string[]): void {
  if (rooms === undefined) {
    session.tells(461, 'PART');
    return;
  }
  for (const name of listed(rooms)) {
    const room = roomOf(session, name);
    if (room === undefined) continue;
    session.relay.part(session, room, why);
    session.connection.report('part', { name: session.name, room: room.name });
  }
}

export function topic(session: Session, [name, text]: readonly string[]): void {
  if (name === undefined) {
    session.tells(461, 'TOPIC');
    return;
  }
  const room = roomOf(session, name);
  if (room === undefined) return;
  if (text === undefined) tellTopic(session, room);
  else session.relay.topic(session, room, [...text].slice(0, TOPIC_LIMIT).join(''));
}

/** The room of this name in which the person is; else the person is told what is wrong. */
function roomOf(session: Session, name: string): Room | undefined {
  const room = session.relay.rooms.named(name);
  if (room === undefined) session.tells(403, name);
  else if (!session.rooms.has(room)) session.tells(442, room.name);
  else return room;
  return undefined;
}

function tellTopic(session: Session, room: Room): void {
  const { name, topic: said } = room;
  if (said === undefined) {
    session.tells(331, name);
    return;
  }
  session.numeric(332, `${name} :${said.text}`);
  session.numeric(333, `${name} ${said.by} ${said.at}`);
}

function tellHistory(session: Session, { name, history }: Room): void {
  const { lines, since } = history;
  if (since === undefined) return;
  session.answer(`:${SERVER} NOTICE ${name} :The last ${lines.length} lines here, since ${since}:`);
  for (const line of lines) session.send(line);
}

/** Names with commas between, each once. */
function listed(text: string): Set<string> {
  return new Set(text.split(',').filter((name) => name !== ''));
}

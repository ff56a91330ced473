/** PRIVMSG and NOTICE (RFC 2812 section 3.3): to rooms and to people. A notice is never answered, not even with an error. */
import type { Session } from './session.ts';

/** Rooms and people to whom one line may go. */
export const TARGETS = 4;

export function privmsg(session: Session, [targets = '', text = '']: readonly string[]): void {
  if (targets === '') {
    session.numeric(411, ':No recipient given (PRIVMSG)');
    return;
  }
  if (text === '') {
    session.tells(412);
    return;
  }
  const names = new Set(targets.split(','));
  if (names.size > TARGETS) {
    session.tells(407, targets.slice(0, 100));
    return;
  }
  for (const name of names) speak(session, name, text, false);
}

export function notice(session: Session, [targets = '', text = '']: readonly string[]): void {
  const names = new Set(targets.split(','));
  if (text === '' || names.size > TARGETS) return;
  for (const name of names) speak(session, name, text, true);
}

function speak(session: Session, name: string, text: string, isNotice: boolean): void {
  const { relay, connection } = session;
  const saying = { from: session, text, isNotice, report: connection.report };
  const room = relay.rooms.named(name);
  if (room !== undefined) {
    if (session.rooms.has(room)) relay.say(room, saying);
    else if (!isNotice) session.tells(404, room.name);
    return;
  }
  const person = relay.people.named(name);
  if (person !== undefined) relay.tell(person, saying);
  else if (!isNotice) session.tells(401, name);
}

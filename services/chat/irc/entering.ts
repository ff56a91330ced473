/** How a client of IRC says who it is (RFC 2812 section 3.1): NICK and USER, in either order. */
import { canonical, isName } from '../name.ts';
import { SERVER } from './numerics.ts';
import type { Session } from './session.ts';
import { welcome } from './welcome.ts';

/** Characters of a user's name and of the words beside it that are kept. */
const USER_LIMIT = 10;
const REAL_NAME_LIMIT = 50;

export function pass(session: Session, [word]: readonly string[]): void {
  if (session.isRegistered) session.tells(462);
  else if (word === undefined) session.tells(461, 'PASS');
}

/** This server has none of the capabilities that clients ask for (the IRCv3 document "Capability Negotiation"). */
export function capabilities(session: Session, [word = '', ...asked]: readonly string[]): void {
  const answer = (text: string) => session.answer(`:${SERVER} CAP ${session.name} ${text}`);
  switch (word.toUpperCase()) {
    case 'LS':
      session.isNegotiating = !session.isRegistered;
      answer('LS :');
      return;
    case 'LIST':
      answer('LIST :');
      return;
    case 'REQ':
      session.isNegotiating = !session.isRegistered;
      answer(`NAK :${asked.join(' ')}`);
      return;
    case 'END':
      session.isNegotiating = false;
      register(session);
      return;
    default:
      session.numeric(410, `${word || '*'} :Invalid CAP subcommand`);
      return;
  }
}

export function nick(session: Session, [asked = '']: readonly string[]): void {
  const name = canonical(asked);
  if (name === '') {
    session.tells(431);
    return;
  }
  // A person over UDP may begin with a digit or a dash, where RFC 2812 section 2.3.1 has neither.
  if (!isName(name) || /^[\p{Nd}-]/u.test(name)) {
    session.tells(432, name.split(' ', 1)[0]!);
    return;
  }
  const holder = session.relay.people.named(name);
  if (holder !== undefined && holder !== session) {
    session.tells(433, name);
    return;
  }
  if (!session.isRegistered) {
    session.name = name;
    register(session);
    return;
  }
  if (name === session.name) return;
  session.relay.rename(session, name);
  session.connection.report('login', { name });
}

export function user(session: Session, params: readonly string[]): void {
  const [name, , , realName] = params;
  if (session.isRegistered) {
    session.tells(462);
    return;
  }
  if (name === undefined || realName === undefined) {
    session.tells(461, 'USER');
    return;
  }
  // The tilde says that nobody has checked it.
  session.user = `~${[...name.replace(/[^\w.-]/g, '')].slice(0, USER_LIMIT).join('') || 'user'}`;
  session.realName = [...realName].slice(0, REAL_NAME_LIMIT).join('');
  register(session);
}

function register(session: Session): void {
  const { relay, name, user: username, isNegotiating, isRegistered } = session;
  if (isRegistered || isNegotiating || name === '*' || username === '') return;
  // Somebody may have come by that name since.
  if (relay.people.named(name) !== undefined) {
    session.name = '*';
    session.tells(433, name);
    return;
  }
  if (relay.people.full) {
    session.end('full', 'there is no room for another person');
    return;
  }
  relay.people.add(session);
  session.isRegistered = true;
  session.connection.report('login', { name });
  welcome(session);
}

/** The commands of IRC (RFC 2812 section 3) that real clients need, by name. All people are equal: there are no operators. */
import { capabilities, nick, pass, user } from './entering.ts';
import type { Message } from './line.ts';
import { list, names, who, whois } from './looking.ts';
import { SERVER } from './numerics.ts';
import { join, part, topic } from './room-commands.ts';
import type { Session } from './session.ts';
import { notice, privmsg } from './speaking.ts';
import { messageOfTheDay } from './welcome.ts';

export type Command = (session: Session, params: readonly string[]) => void;

/** The commands of a client that has not said who it is. */
const ENTERING: ReadonlyMap<string, Command> = new Map([
  ['CAP', capabilities],
  ['PASS', pass],
  ['NICK', nick],
  ['USER', user],
  ['PING', ping],
  ['PONG', () => {}],
  ['QUIT', quit],
]);

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ...ENTERING,
  ['JOIN', join],
  ['PART', part],
  ['TOPIC', topic],
  ['PRIVMSG', privmsg],
  ['NOTICE', notice],
  ['NAMES', names],
  ['WHO', who],
  ['WHOIS', whois],
  ['LIST', list],
  ['MODE', mode],
  ['MOTD', messageOfTheDay],
]);

export function command(session: Session, { command: word, params }: Message): void {
  const known = COMMANDS.get(word);
  if (!session.isRegistered && !ENTERING.has(word)) session.tells(451);
  else if (known === undefined) session.tells(421, word);
  else known(session, params);
}

/** RFC 2812 section 3.7.2. */
function ping(session: Session, [token]: readonly string[]): void {
  if (token === undefined || token === '') session.tells(409);
  else session.answer(`:${SERVER} PONG ${SERVER} :${token}`);
}

function quit(session: Session, [why]: readonly string[]): void {
  session.end('quit', why ?? session.name);
}

/** Nobody has a mode, and each room has one, `n`: its members alone speak there (RFC 2812 sections 3.1.5, 3.2.3). */
function mode(session: Session, [target, change]: readonly string[]): void {
  if (target === undefined) {
    session.tells(461, 'MODE');
    return;
  }
  if (!target.startsWith('#')) {
    userMode(session, target, change);
    return;
  }
  const room = session.relay.rooms.named(target);
  if (room === undefined) session.tells(403, target);
  else if (change === undefined) session.numeric(324, `${room.name} +n`);
  else if (/^\+?b$/.test(change)) session.tells(368, room.name);
  else session.tells(482, room.name);
}

function userMode(session: Session, target: string, change: string | undefined): void {
  const person = session.relay.people.named(target);
  if (person === undefined) session.tells(401, target);
  else if (person !== session) session.tells(502);
  else if (change === undefined) session.numeric(221, '+');
  else if (!/^[+-]?[iwx]*$/.test(change)) session.tells(501);
}

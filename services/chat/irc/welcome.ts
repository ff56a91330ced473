/** The first lines to a client that has come (RFC 2812 section 5.1; 005 as the clients of today read it). */
import { NAME_LIMIT } from '../name.ts';
import { mask } from '../people.ts';
import { COMMON_ROOM, ROOM_NAME_LIMIT } from '../rooms.ts';
import { SERVER } from './numerics.ts';
import { ROOMS_OF_ONE, TOPIC_LIMIT } from './room-commands.ts';
import type { Session } from './session.ts';
import { TARGETS } from './speaking.ts';

const SUPPORTED = [
  'CASEMAPPING=ascii',
  `CHANLIMIT=#:${ROOMS_OF_ONE}`,
  'CHANMODES=,,,n',
  `CHANNELLEN=${ROOM_NAME_LIMIT}`,
  'CHANTYPES=#',
  `NICKLEN=${NAME_LIMIT}`,
  'NETWORK=lanlab',
  'PREFIX=',
  `TARGMAX=PRIVMSG:${TARGETS},NOTICE:${TARGETS}`,
  `TOPICLEN=${TOPIC_LIMIT}`,
  'UTF8ONLY',
];
const BEGAN = new Date();

export function welcome(session: Session): void {
  session.numeric(1, `:Welcome to the chat of this LAN, ${mask(session)}`);
  session.numeric(2, `:Your host is ${SERVER}, of lanlab`);
  session.numeric(3, `:This server began at ${BEGAN.toISOString()}`);
  session.numeric(4, `${SERVER} lanlab o o`);
  session.numeric(5, `${SUPPORTED.join(' ')} :are supported by this server`);
  const { people, rooms } = session.relay;
  session.numeric(251, `:People: ${people.count}, rooms: ${rooms.count}`);
  messageOfTheDay(session);
}

export function messageOfTheDay(session: Session): void {
  session.numeric(375, `:- ${SERVER} Message of the day -`);
  session.numeric(372, `:- People over UDP are in ${COMMON_ROOM}: /join ${COMMON_ROOM}`);
  session.tells(376);
}

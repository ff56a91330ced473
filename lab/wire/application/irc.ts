/** The lines of IRC in a segment (RFC 2812 section 2.3.1), on the port that clients take for it. */
import { printable } from './text.ts';

/** The port that clients take where none is said (RFC 7194 section 1). */
export const IRC_PORT = 6667;
/** The commands of RFC 2812 sections 3 and 4 that clients and servers send each other, and the later `CAP`. */
export const IRC_COMMANDS = [
  ...['NICK', 'USER', 'PASS', 'CAP', 'JOIN', 'PART', 'PRIVMSG', 'NOTICE', 'NAMES', 'LIST', 'WHO', 'WHOIS'],
  ...['TOPIC', 'MODE', 'KICK', 'INVITE', 'AWAY', 'MOTD', 'PING', 'PONG', 'ERROR', 'QUIT'],
];
/** Characters of a line that are shown. */
const SHOWN = 60;

export interface Irc {
  /** In capitals, or three digits. */
  command: string;
  params: string[];
}

/** The whole lines of a segment. A piece of a line whose beginning is in an earlier segment is left out. */
export function readIrc(bytes: Uint8Array): Irc[] {
  const text = printable(bytes) ?? Buffer.from(bytes).toString('latin1');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split(/\r?\n/).flatMap((line) => readIrcLine(line) ?? []);
}

function readIrcLine(line: string): Irc | undefined {
  const [, command = '', rest = ''] = /^(?:@\S+ +)?(?::\S+ +)?([A-Za-z]+|\d{3})((?: .*)?)$/.exec(line) ?? [];
  const word = command.toUpperCase();
  if (!/^\d{3}$/.test(word) && !IRC_COMMANDS.includes(word)) return undefined;
  const colon = rest.indexOf(' :');
  const params = (colon < 0 ? rest : rest.slice(0, colon)).split(' ').filter((one) => one !== '');
  return { command: word, params: colon < 0 ? params : [...params, rest.slice(colon + 2)] };
}

/** `irc PRIVMSG #lan :hello`, `irc 001 alice`, `irc NICK alice and 1 more`; undefined where no line is whole. */
export function describeIrc(bytes: Uint8Array): string | undefined {
  const found = readIrc(bytes);
  return found[0] && `irc ${showIrc(found)}`;
}

export function showIrc([first, ...others]: readonly Irc[]): string {
  const { command, params } = first!;
  // The words of a numeric reply are for people.
  const kept = /^\d/.test(command) && params.length > 1 ? params.slice(0, -1) : params;
  const last = kept.at(-1);
  const colon = kept === params && last !== undefined && /^:|^$| /.test(last);
  const shown = [
    command,
    ...kept.slice(0, -1),
    ...(last === undefined ? [] : [`${colon ? ':' : ''}${last}`]),
  ].join(' ');
  const short = shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
  return others.length === 0 ? short : `${short} and ${others.length} more`;
}

/** One socket as a scenario writes it: `tcp echo:9000 LISTEN`, `tcp alice > echo:9000 TIME-WAIT receive=3`. */

import { readEnd, wrong } from '../../wire/lines/end.ts';
import type { Hint } from '../../wire/lines/hint.ts';
import type { End } from '../../wire/lines/line.ts';
import type { LineProblem } from '../../wire/lines/problem.ts';
import { type Token, tokensOf } from '../../wire/lines/tokens.ts';
import { type Condition, readCondition } from '../condition.ts';

/** RFC 9293 section 3.3.2, as far as a socket has one. */
export const TCP_STATES = [
  ...['LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2'],
  ...['CLOSE-WAIT', 'CLOSING', 'LAST-ACK', 'TIME-WAIT'],
] as const;

/** Bytes that wait: to be read by the program, to be sent and confirmed. Of a listener: connections, and its backlog. */
const QUEUES = ['receive', 'send'] as const;
type Queue = (typeof QUEUES)[number];

export interface SocketLine {
  text: string;
  transport: 'tcp' | 'udp';
  local: End;
  peer?: End;
  state?: string;
  queues: { queue: Queue; condition: Condition }[];
}

export type ReadSocketLine =
  | { line: SocketLine; problem?: undefined }
  | { line?: undefined; problem: LineProblem };

const SHAPE: Hint = ({ host, other }) =>
  `write it so: tcp ${host} > ${other}:9000 TIME-WAIT, or: tcp ${other}:9000 LISTEN`;

export function readSocketLine(text: string): ReadSocketLine {
  const { tokens, problem } = tokensOf(text);
  if (problem) return { problem };
  const [first, local, ...rest] = tokens;
  const end = { text: '', column: text.trimEnd().length + 1 };
  if (!first || !local) return wrong(first ?? end, 'a socket has a transport and its own address', SHAPE);
  const transport = first.text;
  if (transport !== 'tcp' && transport !== 'udp')
    return wrong(
      first,
      `\`${transport}\` is not a transport of sockets`,
      /[.:]|^\*$/.test(transport) ? `write tcp ${text.trim()}` : SHAPE,
    );
  const own = readEnd(local, transport, 'destination');
  if (own.problem) return own;
  const line: SocketLine = { text, transport, local: own.value, queues: [] };
  if (rest[0]?.text === '>') {
    const peer = readEnd(rest[1] ?? end, transport, 'destination');
    if (peer.problem) return peer;
    line.peer = peer.value;
    rest.splice(0, 2);
  }
  for (const token of rest) {
    const found =
      token.text.includes('=') || /[<>]/.test(token.text) ? readQueue(token, line) : readState(token, line);
    if (found) return { problem: found };
  }
  return { line };
}

function readState(token: Token, line: SocketLine): LineProblem | undefined {
  const { text } = token;
  if (line.transport === 'udp')
    return wrong(token, `a UDP socket has no state, and \`${text}\` is not one of its fields`, SHAPE).problem;
  if (line.state !== undefined)
    return wrong(token, `\`${text}\` is a second state`, 'write two lines').problem;
  if ((TCP_STATES as readonly string[]).includes(text)) {
    line.state = text;
    return undefined;
  }
  const { problem } = wrong(token, `\`${text}\` is not a state of a TCP socket`);
  return { ...problem, allowed: TCP_STATES, word: text.toUpperCase().replaceAll('_', '-') };
}

function readQueue(token: Token, line: SocketLine): LineProblem | undefined {
  const [, name = '', sign = '', value = ''] = /^([a-z]*)(=|<=?|>=?)(.*)$/.exec(token.text) ?? [];
  const queue = QUEUES.find((one) => one === name);
  if (!queue)
    return {
      ...wrong(token, `\`${name || token.text}\` is not a queue`).problem,
      allowed: QUEUES,
      word: name,
    };
  const number = /^\d+$/.test(value) ? Number(value) : `${value}`;
  const condition = readCondition(sign === '=' ? number : `${sign} ${value}`);
  if (typeof condition === 'string' || (condition.test === 'equal' && typeof condition.value !== 'number'))
    return wrong(token, `${value || 'nothing'} is not a number of bytes`, `write ${queue}=0 or ${queue}>0`)
      .problem;
  line.queues.push({ queue, condition });
  return undefined;
}

/** Every host of the line, as written. */
export function hostsOf({ local, peer }: SocketLine): string[] {
  return [local, ...(peer ? [peer] : [])].flatMap(({ party }) =>
    party.kind === 'host'
      ? [party.network === undefined ? party.host : `${party.host}.${party.network}`]
      : [],
  );
}

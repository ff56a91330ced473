/**
 * What a wire expectation says when it does not hold, in the words a user reads. `npx vitest run THIS-FILE --update` writes the text
 * anew; read what changed as someone who has never seen a capture.
 */
import { expect, test } from 'vitest';
import { readCondition } from '../../lab/expectations/condition.ts';
import type { HostView } from '../../lab/expectations/wire/seen-through.ts';
import { type AskedFrames, verdicts } from '../../lab/expectations/wire/verdict.ts';
import type { Scope } from '../../lab/wire/lines/condition.ts';
import { seenAt } from '../../lab/wire/lines/expect.ts';
import { compile } from '../../lab/wire/lines/match.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import {
  ACK,
  answers,
  asks,
  BEGAN,
  CARDS,
  FIN,
  PSH,
  packet,
  portUnreachable,
  RST,
  type Sent,
  SYN,
  segment,
  timeline,
} from '../wire/line-frames.ts';

const PORTS: [number, number] = [40000, 9999];
const BACK: [number, number] = [9999, 40000];
const conversation: Scope['conversation'] = {
  protocol: 'tcp',
  local: { party: { kind: 'address', address: '10.50.1.21' }, port: 40000 },
  remote: { party: { kind: 'address', address: '10.50.1.10' }, port: 9999 },
};
const HANDSHAKE = ['tcp alice > echo SYN', 'tcp echo > alice SYN+ACK', 'tcp alice > echo ACK'];
const datagram = packet('alice', 'echo', {
  udp: { sourcePort: 5000, destinationPort: 9999 },
  payload: Buffer.from('hi'),
});
const syn = segment('alice', 'echo', PORTS, SYN);
const refused = segment('echo', 'alice', BACK, RST | ACK, { acknowledgement: 1 });
const opened = [
  syn,
  segment('echo', 'alice', BACK, SYN | ACK, { sequence: 7 }),
  segment('alice', 'echo', PORTS, ACK),
];
const seenByAlice = segment('alice', 'echo', PORTS, SYN, { by: ['alice'] });

interface Case {
  name: string;
  sent: Sent[];
  at?: string;
  bound?: boolean;
  asked: { [list in 'inOrder' | 'anyOrder' | 'only' | 'never']?: string[] } & {
    count?: Record<string, number | string>;
  };
}

const CASES: Case[] = [
  {
    name: 'nothing listens there',
    sent: [asks('alice', 'echo'), answers('echo', 'alice'), syn, refused],
    asked: { inOrder: HANDSHAKE },
  },
  { name: 'nothing came at all', sent: [], asked: { inOrder: ['tcp alice > echo SYN'] } },
  {
    name: 'nobody has the address',
    sent: [asks('alice', '10.50.1.99'), asks('alice', '10.50.1.99')],
    asked: { inOrder: ['tcp alice > 10.50.1.99 SYN'] },
  },
  {
    name: 'it left one host and did not reach the other',
    sent: [asks('alice', 'echo'), seenByAlice, seenByAlice],
    at: 'echo',
    asked: { inOrder: ['tcp alice > echo SYN'] },
  },
  { name: 'no answer', sent: [seenByAlice, seenByAlice, seenByAlice], asked: { inOrder: HANDSHAKE } },
  {
    name: 'an answer, and not of that protocol',
    sent: [asks('alice', 'echo'), answers('echo', 'alice'), asks('alice', 'echo')],
    asked: { inOrder: ['arp alice > broadcast who-has echo', 'udp echo > alice'] },
  },
  {
    name: 'the other way round',
    sent: [asks('alice', 'echo'), answers('echo', 'alice')],
    asked: { inOrder: ['arp echo > alice is-at', 'arp alice > broadcast who-has echo'] },
  },
  {
    name: 'one frame for two lines',
    sent: opened,
    asked: { inOrder: ['tcp alice > echo SYN', 'tcp alice > echo SYN'] },
  },
  {
    name: 'a field is another',
    sent: opened,
    asked: { inOrder: ['tcp alice > echo SYN ttl=63 win=0', 'tcp echo > alice SYN+ACK'] },
  },
  {
    name: 'another connection',
    sent: [syn, segment('echo', 'alice', [9999, 40002], SYN | ACK)],
    bound: true,
    asked: { inOrder: HANDSHAKE },
  },
  {
    name: 'a datagram to a closed port',
    sent: [datagram, portUnreachable('echo', 'alice', [5000, 9999])],
    asked: { inOrder: ['udp alice > echo', 'udp echo > alice'] },
  },
  {
    name: 'the answer is another message',
    sent: [datagram, portUnreachable('echo', 'alice', [5000, 9999])],
    asked: { inOrder: ['icmp echo > alice host-unreachable'] },
  },
  {
    name: 'the payload is another',
    sent: [segment('alice', 'echo', PORTS, PSH | ACK, { payload: 'hello' })],
    asked: { inOrder: ['tcp alice > echo PSH+ACK text=hallo'] },
  },
  {
    name: 'any order, one missing',
    sent: opened,
    asked: { anyOrder: ['tcp alice > echo FIN+ACK', ...HANDSHAKE] },
  },
  {
    name: 'only, and another came between',
    sent: [syn, syn, ...opened.slice(1)],
    asked: { only: HANDSHAKE },
  },
  {
    name: 'only, and another came at the end',
    sent: [...opened, segment('echo', 'alice', BACK, FIN | ACK)],
    asked: { only: HANDSHAKE },
  },
  { name: 'only, and one is missing', sent: opened.slice(0, 2), asked: { only: HANDSHAKE } },
  {
    name: 'never, and it came',
    sent: [asks('alice', 'echo'), asks('alice', 'echo'), asks('alice', 'bob')],
    at: 'echo',
    asked: { never: ['arp alice > *'] },
  },
  { name: 'too few', sent: [syn, refused], asked: { count: { 'tcp alice > echo SYN': '>= 2' } } },
  { name: 'too many', sent: [syn, syn, syn], asked: { count: { 'tcp alice > echo SYN': 1 } } },
  { name: 'not one', sent: [datagram], asked: { count: { 'tcp alice > echo SYN': 3 } } },
  { name: 'held: in order', sent: opened, asked: { inOrder: HANDSHAKE } },
  { name: 'held: one line', sent: opened, asked: { inOrder: ['tcp alice > echo SYN'] } },
  {
    name: 'held: everything else',
    sent: opened,
    asked: {
      anyOrder: HANDSHAKE.toReversed(),
      only: HANDSHAKE,
      never: ['tcp * > * RST'],
      count: { 'tcp alice > echo SYN': 1 },
    },
  },
];

function tell({ name, sent, at = 'alice', bound, asked }: Case): string {
  const everywhere = timeline(...sent);
  const scope: Scope = { cards: CARDS, ...(bound && { conversation }) };
  const seen: HostView = { at, frames: seenAt(everywhere, at), everywhere, scope, began: BEGAN };
  const compiled = (text: string) => compile(readLine(text).line!, text, scope);
  const ready: AskedFrames = {
    inOrder: (asked.inOrder ?? []).map(compiled),
    anyOrder: (asked.anyOrder ?? []).map(compiled),
    only: (asked.only ?? []).map(compiled),
    never: (asked.never ?? []).map(compiled),
    count: Object.entries(asked.count ?? {}).map(([text, times]) => {
      const condition = readCondition(times);
      if (typeof condition === 'string') throw new Error(condition);
      return { pattern: compiled(text), times: condition };
    }),
  };
  const told = verdicts(ready, seen).flatMap(({ what, expected, found, why, lines }) => [
    what,
    ...Object.entries({ expected, found, why }).flatMap(([label, text]) =>
      text ? [`  ${label.padEnd(8)}  ${text}`] : [],
    ),
    ...lines.map(
      ({ line, number, after, status }) =>
        `    ${status} ${line} ${number ? `= ${number}` : `after ${after}`}`,
    ),
  ]);
  return [`# ${name}`, ...told].join('\n');
}

test('what does not hold is told so', async () => {
  await expect(`${CASES.map(tell).join('\n\n')}\n`).toMatchFileSnapshot('wire-mismatch.txt');
});

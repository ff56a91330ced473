/** Real TCP conversations, followed by lanlab and by tshark. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Segment } from '../../lab/wire/conversations/conversation.ts';
import { followTcp } from '../../lab/wire/conversations/follow.ts';
import { pcapngWriter } from '../../lab/wire/files/pcapng-writer.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { mergeCaptures } from '../../lab/wire/merge.ts';
import { describeNeeding } from '../needs.ts';
import { captureLoopback, lackingCapture, type Until } from './loopback-capture.ts';
import { Files, fieldsOf, lackingShark } from './shark.ts';
import { HANDSHAKE, say, talk } from './talk.ts';

const FIELDS = [
  'tcp.stream',
  'tcp.seq',
  'tcp.ack',
  'tcp.len',
  'tcp.window_size',
  'tcp.analysis.retransmission',
  'tcp.analysis.out_of_order',
  'tcp.analysis.duplicate_ack',
  'tcp.analysis.zero_window',
  'tcp.analysis.window_update',
  'tcp.analysis.keep_alive',
  'tcp.analysis.lost_segment',
];
/** Ours, for each of tshark's from the sixth on. */
const SAME: string[][] = [
  ['retransmission', 'spurious retransmission'],
  ['out of order'],
  ['duplicate ack'],
  ['zero window'],
  ['window update'],
  ['keepalive', 'window probe'],
  ['gap'],
];

/** A card at whose ends nobody captured, as in a file of unknown origin. */
const CARD = { host: 'here', name: 'lo', mac: '', network: 'lo', addresses: [] };

function ours(frames: readonly Captured[]): string[][] {
  const seen = mergeCaptures([{ card: CARD, frames }]);
  const followed = followTcp(seen);
  return seen.map((frame) => row(followed.of(frame)!));
}

function row({ conversation, sequence, acknowledgement, length, window, notes }: Segment): string[] {
  const numbers = [conversation.number - 1, sequence, acknowledgement ?? 0, length, window].map(String);
  return [...numbers, ...SAME.map((names) => (notes.some((note) => names.includes(note)) ? '1' : ''))];
}

function theirs(file: string): string[][] {
  return fieldsOf(file, FIELDS).map(([stream, seq, ack, len, window, ...analysis]) => [
    stream!,
    seq!,
    ack!,
    len!,
    window!,
    ...analysis.map((found) => (found === '' ? '' : '1')),
  ]);
}

async function listen(take: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** More than both sides' buffers hold: the window closes until the server reads. */
async function muchUnread(port: number, accepted: Promise<Socket>, until: Until): Promise<void> {
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(client, 'connect');
  const taken = await accepted;
  client.end(Buffer.alloc(16_000_000));
  await until(({ tcp }) => tcp?.sourcePort === port && tcp.window === 0);
  taken.resume();
  await once(taken, 'end');
  taken.end('what is said after the other’s FIN');
  client.resume();
  await once(client, 'close');
}

async function resetAndRefused(port: number, accepted: Promise<Socket>, closed: number): Promise<void> {
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  (await accepted).resetAndDestroy();
  await once(client, 'error');
  await once(connect(closed, '127.0.0.1'), 'error');
}

describeNeeding(
  'tcpdump',
  lackingCapture() ?? lackingShark(),
  'conversations of this machine’s kernel',
  () => {
    test('tshark finds the same numbers, windows and oddities in them', async ({ signal }) => {
      const waiting: ((socket: Socket) => void)[] = [];
      const server = await listen((socket) => waiting.shift()!(socket));
      const spare = await listen(() => {});
      const closed = portOf(spare);
      spare.close();
      await once(spare, 'close');
      const accept = () => new Promise<Socket>((resolve) => waiting.push(resolve));
      const port = portOf(server);
      const { file, frames } = await captureLoopback(
        `tcp and (port ${port} or port ${closed})`,
        96,
        signal,
        async (until) => {
          await muchUnread(port, accept(), until);
          await resetAndRefused(port, accept(), closed);
          await until(({ tcp }) => tcp?.sourcePort === closed && (tcp.flags & 4) !== 0);
        },
      );
      server.close();
      using files = new Files();
      const found = ours(frames);
      expect(found).toEqual(theirs(files.write('lo.pcap', file)));
      // The window did close: otherwise this compares too little.
      expect(found.some((row) => row[8] === '1')).toBe(true);
      const followed = followTcp(mergeCaptures([{ card: CARD, frames }]));
      expect(followed.conversations.map(({ segments }) => segments.at(-1)!.states)).toEqual([
        { client: 'TIME-WAIT', server: 'CLOSED' },
        { client: 'CLOSED', server: 'CLOSED' },
        { client: 'CLOSED', server: 'CLOSED' },
      ]);
      expect(followed.conversations[0]!.segments.flatMap(({ notes }) => notes)).toContain('half-close');
    });
  },
);

describeNeeding('tshark', lackingShark(), 'conversations by hand', () => {
  const first = say('alice', 'A', 1, 1, { payload: 'abc' });
  const second = say('alice', 'A', 4, 1, { payload: 'def' });
  const late = { after: 400_000 };
  test.each([
    ['sent again', [first, { ...first, ...late }, say('echo', 'A', 1, 4)]],
    ['overtaken', [second, first, say('echo', 'A', 1, 7)]],
    [
      'lost',
      [second, say('echo', 'A', 1, 1), say('echo', 'A', 1, 1), say('echo', 'A', 1, 1), { ...first, ...late }],
    ],
    ['kept alive', [first, say('echo', 'A', 1, 4), say('alice', 'A', 3, 1, late), say('echo', 'A', 1, 4)]],
    ['from the middle', [second, say('echo', 'A', 1, 7)]],
  ])('%s: tshark says the same', (name, spoken) => {
    using files = new Files();
    const all = name === 'from the middle' ? spoken : [...HANDSHAKE, ...spoken];
    const seen = talk(all, [{ ...CARD, host: 'alice' }]);
    const plain = seen.map(({ frame: { bytes, length }, sightings: [at] }) => {
      const { seconds, nanoseconds } = at!;
      return { seconds, nanoseconds, bytes, length, card: 0 };
    });
    const writer = pcapngWriter({ cards: [{ name: 'lo' }] });
    const file = files.write('hand.pcapng', Buffer.concat([writer.head, writer.frames(plain)]));
    expect(ours(plain)).toEqual(theirs(file));
  });
});

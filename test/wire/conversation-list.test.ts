/** Conversations of every protocol as a list: what is one, what belongs to it, and how it ended. */
import { describe, expect, test } from 'vitest';
import { storyOfCapture } from '../../lab/wire/ladder/file.ts';
import { LINK } from '../../lab/wire/link-types.ts';
import { encodeFrame } from './encode/frame.ts';
import { captured, onEthernet, type Piece, piece, segment, talk, V4 } from './odd-captures.ts';

function listOf(frames: readonly Uint8Array[]) {
  const cards = [{ linkType: LINK.ethernet, snapLength: 0 }];
  return storyOfCapture({ frames: captured(frames), cards, names: new Map() }).conversations();
}

const ended = (...pieces: Piece[]) => listOf(pieces.map((one) => onEthernet(one))).map((one) => one.ended);

const [SYN, SYN_ACK, ACK] = talk();
const ask = piece('alice', { udp: { sourcePort: 5000, destinationPort: 53 }, payload: Buffer.from('?') });
const reply = piece('echo', { udp: { sourcePort: 53, destinationPort: 5000 }, payload: Buffer.from('!') });
const echo = (identifier: number, type = 8) =>
  piece(type === 8 ? 'alice' : 'echo', { icmp: { type, identifier, sequence: 1 } });
const unreachable = (about: Piece) =>
  piece('echo', { icmp: { type: 3, code: 3 }, payload: about.bytes.subarray(0, 28) });

describe('how a connection ended', () => {
  test.each([
    ['closed', talk()],
    ['open', talk().slice(0, 7)],
    ['half-closed', talk().slice(0, 8)],
    ['closing', talk().slice(0, 9)],
    ['no answer', [SYN!, SYN!]],
    ['refused', [SYN!, segment('echo', 20, [0, 101])]],
    ['reset', [SYN!, SYN_ACK!, ACK!, segment('echo', 4, [501, 0])]],
    ['port-unreachable', [SYN!, unreachable(SYN!)]],
  ])('%s', (how, pieces) => {
    expect(ended(...pieces)).toEqual([how]);
  });
});

describe('how what is asked ended', () => {
  test.each([
    ['answered', [ask, reply]],
    ['no answer', [ask, ask]],
    ['port-unreachable', [ask, unreachable(ask)]],
    ['answered', [echo(1), echo(1, 0)]],
    ['no answer', [echo(1), echo(1)]],
  ])('%s', (how, pieces) => {
    expect(ended(...pieces)).toEqual([how]);
  });

  test('nothing is said of what goes to a group', () => {
    const all = encodeFrame({
      ethernet: { source: '02:6c:61:00:00:01', destination: '01:00:5e:00:00:fb' },
      ipv4: { source: V4.alice, destination: '224.0.0.251' },
      udp: { sourcePort: 5353, destinationPort: 5353 },
    });
    expect(listOf([all])).toMatchObject([{ protocol: 'udp', ended: '' }]);
  });
});

test('connections between the same ports are two, pings of two programs are two', () => {
  const again = talk().map(({ from }, index) => {
    const numbers: [number, number] = [9_000_000 + index, 7_000_000 + index];
    return segment(from, [2, 18][index] ?? 16, numbers);
  });
  const list = listOf([...talk(), ...again, echo(1), echo(2)].map((one) => onEthernet(one)));
  expect(list.map(({ number, protocol, frames }) => [number, protocol, frames.length])).toEqual([
    [1, 'tcp', 10],
    [2, 'tcp', 10],
    [3, 'icmp', 1],
    [4, 'icmp', 1],
  ]);
  expect(list[0]).toMatchObject({
    ends: [
      { address: V4.alice, port: 40_000 },
      { address: V4.echo, port: 80 },
    ],
    bytes: talk().reduce((sum, one) => sum + onEthernet(one).length, 0),
  });
});

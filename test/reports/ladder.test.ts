/** A ladder as data: lanes, arrows, times, what is lost, missing or folded. */
import { describe, expect, test } from 'vitest';
import type { Arrow, Fold, Ladder } from '../../lab/wire/ladder/ladder.ts';
import { addressOf, conversation, cutOff, download, ladderOf, mixture, sample, Wire } from './ladders.ts';

const arrows = ({ rows }: Ladder) => rows.filter((row): row is Arrow => row.kind === 'arrow');
const labels = (ladder: Ladder) => arrows(ladder).map(({ label }) => label);
const names = ({ lanes }: Ladder) => lanes.map(({ name }) => name);

describe('a ladder', () => {
  test('has a lane a host that takes part, in the order of the scenario', () => {
    expect(names(sample())).toEqual(['echo', 'alice']);
    expect(names(ladderOf(mixture()))).toEqual(['echo', 'alice', 'bob']);
  });

  test('has an arrow a frame, from its sender to its receiver, and says in words what it is', () => {
    const ladder = sample();
    expect(labels(ladder).slice(0, 6)).toEqual([
      'who-has echo',
      'echo is-at',
      'SYN to 9000',
      'SYN+ACK',
      'ACK',
      '"hello"',
    ]);
    expect(arrows(ladder).slice(0, 2)).toMatchObject([
      { from: 1, to: [0], fate: 'arrived', family: 'arp' },
      { from: 0, to: [1], fate: 'arrived', family: 'arp' },
    ]);
  });

  test('counts time in nanoseconds from the step’s beginning', () => {
    expect(arrows(sample())[0]!.time).toBe(100_000);
  });

  test('names the handshake and the closing, from their first to their last frame', () => {
    expect(sample().spans).toEqual([
      { name: 'handshake', first: 2, last: 4, column: 0 },
      { name: 'closing', first: 9, last: 11, column: 0 },
    ]);
  });

  test('a frame that left and did not come to a host that captures is lost', () => {
    expect(arrows(cutOff()).map(({ fate }) => fate)).toEqual(['lost', 'lost', 'lost']);
  });

  test('a frame to a host that does not capture is drawn as one that nobody looked for there', () => {
    const wire = new Wire(['alice']).segment('alice', 'bob', [40000, 9000], 2);
    expect(arrows(ladderOf(wire))).toMatchObject([{ from: 0, to: [1], fate: 'unseen' }]);
  });

  test('a frame to an address that no host has is an arrow to nobody', () => {
    expect(arrows(ladderOf(mixture()))[4]).toMatchObject({ fate: 'nobody', to: [] });
  });

  test('a broadcast has an arrow to each host that heard it', () => {
    expect(arrows(ladderOf(mixture()))[0]).toMatchObject({ from: 1, fate: 'arrived', others: [] });
    expect(arrows(ladderOf(mixture()))[0]!.to.toSorted()).toEqual([0, 2]);
  });

  test('hosts that only hear broadcasts are named beside the arrow where their lanes would be too many', () => {
    const wire = new Wire(['alice', 'echo', 'bob', 'bounce', 'clock', 'chat']).arp('alice', 'echo');
    const ladder = ladderOf(wire);
    expect(names(ladder)).toEqual(['echo', 'alice']);
    expect(arrows(ladder)[0]!.others.toSorted()).toEqual(['bob', 'bounce', 'chat', 'clock']);
  });

  test('what was expected is marked, and what is missing stands behind the frame after which it should have come', () => {
    const { rows } = cutOff();
    expect(rows.map(({ kind }) => kind)).toEqual(['arrow', 'missing', 'arrow', 'arrow']);
    expect(rows[0]).toMatchObject({ marks: [{ status: 'matched', line: 'tcp alice > echo SYN' }] });
    expect(rows[1]).toMatchObject({ from: 0, to: [1], line: 'tcp echo > alice SYN+ACK', at: 'alice' });
    expect(rows[3]).toMatchObject({ marks: [{ status: 'forbidden' }] });
  });

  test('a missing frame of a host that is otherwise silent has its lane', () => {
    const lines = [{ at: 'alice', line: 'udp bob:9000 > alice', status: 'missing' as const }];
    const ladder = ladderOf(conversation(), { lines });
    expect(names(ladder)).toEqual(['echo', 'alice', 'bob']);
    expect(ladder.rows.at(-1)).toMatchObject({ kind: 'missing', from: 2, to: [1] });
  });

  test('a missing broadcast leads to everybody, and one of whom is not said to the one who is', () => {
    const lines = [
      'udp bob > alice',
      'arp alice > broadcast who-has bob',
      'arp * > alice is-at',
      'udp echo > 10.50.1.99',
    ];
    const missing = lines.map((line) => ({ at: 'alice', line, status: 'missing' as const }));
    const { rows } = ladderOf(conversation(), { lines: missing });
    expect(rows.slice(-3)).toMatchObject([{ from: 1, to: [0, 2] }, { to: [1] }, { from: 0, to: [] }]);
    expect(rows.at(-2)).not.toHaveProperty('from');
  });

  test('ICMP errors that tell other MTUs are not the same', () => {
    const wire = new Wire(['alice', 'bob']);
    for (const mtu of [1400, 1300, 1200, 1100, 1000])
      wire.add('bob', 'alice', {
        ipv4: { source: addressOf('bob'), destination: addressOf('alice') },
        icmp: { type: 3, code: 4, mtu },
      });
    expect(ladderOf(wire).rows).toHaveLength(5);
  });

  test('what says the same again and again is there once, and then how often', () => {
    const wire = new Wire(['alice', 'bob']);
    const echo = (from: 'alice' | 'bob', to: 'alice' | 'bob', type: number, sequence: number) =>
      wire.add(from, to, {
        ipv4: { source: addressOf(from), destination: addressOf(to) },
        icmp: { type, identifier: 7, sequence },
      });
    for (let sequence = 1; sequence <= 5; sequence++) {
      echo('alice', 'bob', 8, sequence);
      echo('bob', 'alice', 0, sequence);
    }
    for (let sequence = 6; sequence <= 9; sequence++) echo('alice', 'bob', 8, sequence);
    const labels = (options = {}) =>
      ladderOf(wire, options).rows.map((row) => (row.kind === 'missing' ? '' : row.label));
    expect(labels()).toEqual([
      'echo-request 1',
      'echo-reply 1',
      '4 more times these 2',
      'echo-request 6',
      '3 more like this',
    ]);
    expect(labels({ fold: false })).toHaveLength(14);
    const lines = [3, 5, 9].map((number) => ({ at: 'bob', line: '', number, status: 'matched' as const }));
    expect(labels({ lines })).toContain('echo-request 3');
  });

  test('a run of plain data is one row that says how much it was; its ends stay', () => {
    const { rows, frames } = ladderOf(download(30));
    expect(rows.map(({ kind }) => kind)).toEqual(['arrow', 'arrow', 'fold', 'arrow']);
    expect((rows[2] as Fold).label).toBe('37 segments, 41 kB');
    expect((rows[2] as Fold).rows).toHaveLength(frames - 3);
  });

  test('the fragments of a datagram are folded too', () => {
    const wire = new Wire();
    for (let at = 0; at < 12; at += 1) {
      const ipv4 = { source: addressOf('alice'), destination: addressOf('echo'), protocol: 17 };
      const fragment = { fragmentOffset: at * 1480, moreFragments: at < 11 };
      wire.add('alice', 'echo', { ipv4: { ...ipv4, ...fragment }, payload: Buffer.alloc(1480) });
    }
    const { rows } = ladderOf(wire);
    expect(rows.map((row) => ('label' in row ? row.label : ''))).toContain('8 fragments, 12 kB');
  });

  test('what tells something is never folded', () => {
    const tcp = ({ number }: { number: number }) => ({
      conversation: 1,
      notes: number === 20 ? ['retransmission'] : [],
    });
    const kinds = ladderOf(download(30), { tcp }).rows.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'fold')).toHaveLength(2);
  });

  test('frames beyond the limit are counted', () => {
    expect(ladderOf(download(30), { most: 10, fold: false })).toMatchObject({ frames: 40, leftOut: 30 });
  });
});

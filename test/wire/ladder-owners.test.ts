/** Whose an address is, as far as a capture file tells. */
import { describe, expect, test } from 'vitest';
import { decode } from '../../lab/wire/decode.ts';
import { ladderOfCapture } from '../../lab/wire/ladder/file.ts';
import { partiesOf } from '../../lab/wire/ladder/owners.ts';
import type { Card, SeenFrame } from '../../lab/wire/timeline.ts';
import { encodeFrame, type FrameFields } from './encode/frame.ts';

const mac = (last: number) => `02:6c:61:00:00:0${last}`;
const [ALICE, ROUTER, BOB] = [mac(1), mac(2), mac(3)];
const ETHERNET = 1;

const card: Card = { host: '', name: '', mac: '', network: 'card 0', addresses: [] };

class Wire {
  readonly bytes: Uint8Array[] = [];

  add(source: string, destination: string, fields: Omit<FrameFields, 'ethernet'>): this {
    this.bytes.push(encodeFrame({ ethernet: { source, destination }, ...fields }));
    return this;
  }

  /** A datagram with so many hops left. */
  sent(by: string, to: string, source: string, destination: string, ttl = 64): this {
    const udp = { sourcePort: 5000, destinationPort: 9000 };
    return this.add(by, to, { ipv4: { source, destination, ttl }, udp });
  }

  isAt(senderMac: string, senderAddress: string): this {
    const asked = { targetMac: ALICE, targetAddress: '10.0.0.21' };
    return this.add(senderMac, ALICE, { arp: { operation: 2, senderMac, senderAddress, ...asked } });
  }

  get frames(): SeenFrame[] {
    return this.bytes.map((bytes, index) => ({
      number: index + 1,
      frame: decode(bytes),
      sightings: [{ card, number: index + 1, seconds: index, nanoseconds: 0, way: 'in' }],
    }));
  }

  /** `name: cards / addresses` */
  parties(names: Record<string, string> = {}): string[] {
    return partiesOf(this.frames, new Map(Object.entries(names)), []).map(
      ({ name, macs, addresses }) => `${name}: ${macs.join(' ')} / ${addresses.join(' ')}`,
    );
  }

  ladder() {
    const frames = this.bytes.map((bytes, seconds) => ({
      ...{ bytes, length: bytes.length, seconds, nanoseconds: 0, card: 0 },
    }));
    const cards = [{ linkType: ETHERNET, snapLength: 0 }];
    return ladderOfCapture({ frames, cards, names: new Map() }, 100).ladder;
  }
}

describe('whose an address is', () => {
  test('the card’s that sends from it with all hops left', () => {
    const wire = new Wire()
      .sent(ALICE, BOB, '10.0.0.21', '10.0.0.22')
      .sent(BOB, ALICE, '10.0.0.22', '10.0.0.21', 128);
    expect(wire.parties()).toEqual([`10.0.0.21: ${ALICE} / 10.0.0.21`, `10.0.0.22: ${BOB} / 10.0.0.22`]);
  });

  test('a host’s behind a router, where it comes with fewer: also one alone, and without ARP', () => {
    const wire = new Wire()
      .sent(ALICE, ROUTER, '10.0.0.21', '192.0.2.1')
      .sent(ROUTER, ALICE, '192.0.2.1', '10.0.0.21', 57);
    expect(wire.parties()).toEqual([
      `10.0.0.21: ${ALICE} / 10.0.0.21`,
      `${ROUTER}: ${ROUTER} / `,
      '192.0.2.1:  / 192.0.2.1',
    ]);
  });

  test('the card’s that says so, whatever it begins its hops with', () => {
    const wire = new Wire().isAt(BOB, '10.0.0.22').sent(BOB, ALICE, '10.0.0.22', '10.0.0.21', 60);
    expect(wire.parties()).toContain(`10.0.0.22: ${BOB} / 10.0.0.22`);
  });

  test('not the router’s that answers for it (proxy ARP)', () => {
    const wire = new Wire()
      .sent(ALICE, ROUTER, '10.0.0.21', '10.0.0.99')
      .isAt(ROUTER, '10.0.0.1')
      .isAt(ROUTER, '10.0.0.99')
      .sent(ROUTER, ALICE, '10.0.0.99', '10.0.0.21', 63);
    expect(wire.parties()).toEqual([
      `10.0.0.21: ${ALICE} / 10.0.0.21`,
      `10.0.0.1: ${ROUTER} / 10.0.0.1`,
      '10.0.0.99:  / 10.0.0.99',
    ]);
  });

  test('that of the only one asked for it, where nobody ever answered', () => {
    const wire = new Wire().sent(ALICE, BOB, '10.0.0.21', '10.0.0.22');
    expect(wire.parties()).toContain(`10.0.0.22: ${BOB} / 10.0.0.22`);
    const two = wire.sent(ALICE, BOB, '10.0.0.21', '192.0.2.1');
    expect(two.parties()).toContain(`${BOB}: ${BOB} / `);
  });

  test('is as the file names it, its cards too', () => {
    const wire = new Wire().sent(ALICE, ROUTER, '10.0.0.21', '192.0.2.1', 10);
    const names = {
      [ROUTER]: 'gw',
      '10.0.0.1': 'gw',
      '10.0.0.21': 'alice',
      [ALICE]: 'alice',
      '192.0.2.1': 'echo',
    };
    expect(wire.parties(names)).toEqual([
      `alice: ${ALICE} / 10.0.0.21`,
      `gw: ${ROUTER} / 10.0.0.1`,
      'echo:  / 192.0.2.1',
    ]);
  });
});

describe('a name that is no host’s', () => {
  test('is a label: of two ends with one, each has its address beside it', () => {
    const wire = new Wire()
      .sent(ALICE, BOB, '10.0.0.21', '10.0.0.22')
      .sent(BOB, ALICE, '10.0.0.22', '10.0.0.21');
    expect(wire.parties({ '10.0.0.21': 'box', '10.0.0.22': 'box' })).toEqual([
      `box (10.0.0.21): ${ALICE} / 10.0.0.21`,
      `box (10.0.0.22): ${BOB} / 10.0.0.22`,
    ]);
  });

  test('of both addresses of a card is that card’s', () => {
    const wire = new Wire()
      .sent(ALICE, BOB, '10.0.0.21', '10.0.0.22')
      .sent(ALICE, BOB, '10.0.0.31', '10.0.0.22');
    expect(wire.parties({ '10.0.0.21': 'box', '10.0.0.31': 'box' })[0]).toBe(
      `box: ${ALICE} / 10.0.0.21 10.0.0.31`,
    );
  });

  test('is none of two cards that talk to each other either', () => {
    const wire = new Wire()
      .sent(ALICE, BOB, '10.0.0.21', '10.0.0.22')
      .sent(BOB, ALICE, '10.0.0.22', '10.0.0.21');
    const names = { [ALICE]: 'box', [BOB]: 'box', '10.0.0.21': 'box', '10.0.0.22': 'box' };
    expect(wire.parties(names)).toEqual([
      `box (10.0.0.21): ${ALICE} / 10.0.0.21`,
      `box (10.0.0.22): ${BOB} / 10.0.0.22`,
    ]);
  });

  test('that is another’s address is told from it', () => {
    const wire = new Wire()
      .sent(ALICE, BOB, '10.0.0.21', '10.0.0.22')
      .sent(BOB, ALICE, '10.0.0.22', '10.0.0.21');
    expect(wire.parties({ '10.0.0.21': '10.0.0.22' })[0]).toBe(`10.0.0.22 (10.0.0.21): ${ALICE} / 10.0.0.21`);
  });
});

test('a host of several addresses and no name is one lane, and each is said as it is', () => {
  const ladder = new Wire()
    .isAt(BOB, '10.0.0.22')
    .sent(BOB, ALICE, '10.0.0.22', '10.0.0.21')
    .sent(BOB, ALICE, '10.0.0.23', '10.0.0.21')
    .ladder();
  expect(ladder.lanes.map(({ name }) => name)).toEqual(['10.0.0.22', '10.0.0.21']);
  expect(ladder.rows.map((row) => ('line' in row ? row.line : ''))).toMatchObject([
    expect.stringMatching(/^arp 10\.0\.0\.22 /),
    expect.stringMatching(/^udp 10\.0\.0\.22:5000 > 10\.0\.0\.21:9000/),
    expect.stringMatching(/^udp 10\.0\.0\.23:5000 > 10\.0\.0\.21:9000/),
  ]);
});

/** Timelines made by hand, out of encoded frames, for every drawing of a ladder. */
import { decode } from '../../lab/wire/decode.ts';
import { labelOf } from '../../lab/wire/ladder/label.ts';
import type { Ladder } from '../../lab/wire/ladder/ladder.ts';
import { endsByCards, type Party } from '../../lab/wire/ladder/lanes.ts';
import type { LineResult } from '../../lab/wire/ladder/line-result.ts';
import { type LadderOptions, makeLadder, naming } from '../../lab/wire/ladder/make.ts';
import type { Card, SeenFrame, Sighting } from '../../lab/wire/timeline.ts';
import { encodeFrame, type FrameFields } from '../wire/encode/frame.ts';

const [FIN, SYN, RST, PSH, ACK] = [1, 2, 4, 8, 16] as const;

export const BEGAN = { seconds: 1_772_359_200, nanoseconds: 0 };
export const BROADCAST = 'ff:ff:ff:ff:ff:ff';

const ADDRESSES = { echo: 10, bounce: 11, clock: 12, files: 13, chat: 14, alice: 21, bob: 22 };
export type Host = keyof typeof ADDRESSES;

export const cards: Card[] = Object.entries(ADDRESSES).map(([host, number]) => ({
  host,
  name: 'eth0',
  mac: `02:6c:61:00:00:${number.toString(16).padStart(2, '0')}`,
  network: 'office',
  addresses: [`10.50.1.${number}`],
}));

export const parties: Party[] = cards.map(({ host, mac, addresses }) => ({
  name: host,
  macs: [mac],
  addresses,
}));

export const cardOf = (host: Host): Card => cards.find((card) => card.host === host)!;
export const addressOf = (host: Host): string => cardOf(host).addresses[0]!;
export const macOf = (host: Host): string => cardOf(host).mac;

/** Numbers frames as they come, a tenth of a millisecond apart unless told. */
export class Wire {
  readonly frames: SeenFrame[] = [];
  #time = 0;
  /** The next sequence number, by host and port. */
  readonly #sent = new Map<string, number>();
  readonly #captured: readonly Host[];

  constructor(captured: readonly Host[] = ['alice', 'echo']) {
    this.#captured = captured;
  }

  get captured(): Card[] {
    return this.#captured.map(cardOf);
  }

  /** Milliseconds that pass. */
  wait(milliseconds: number): this {
    this.#time += milliseconds;
    return this;
  }

  add(from: Host, to: Host | 'all' | 'nobody', fields: Omit<FrameFields, 'ethernet'>, lost = false): this {
    const everybody = to === 'all';
    const destination = everybody ? BROADCAST : to === 'nobody' ? '02:6c:61:00:00:63' : macOf(to);
    const bytes = encodeFrame({ ethernet: { source: macOf(from), destination }, padTo: 0, ...fields });
    this.#time += 0.1;
    const heard = this.#captured.filter((host) => host !== from && (everybody || host === to) && !lost);
    const sightings = [
      ...(this.#captured.includes(from) ? [this.#sighting(from, 'out', 0)] : []),
      ...heard.map((host) => this.#sighting(host, 'in', 0.02)),
    ];
    this.frames.push({ number: this.frames.length + 1, frame: decode(bytes), sightings });
    return this;
  }

  #sighting(host: Host, way: 'in' | 'out', later: number): Sighting {
    const nanoseconds = Math.round((this.#time + later) * 1e6);
    const seconds = BEGAN.seconds + Math.floor(nanoseconds / 1e9);
    return { card: cardOf(host), number: 1, seconds, nanoseconds: nanoseconds % 1e9, way };
  }

  arp(who: Host, whom: Host): this {
    const [mine, theirs] = [cardOf(who), cardOf(whom)];
    const [senderMac, senderAddress] = [mine.mac, mine.addresses[0]!];
    this.add(who, 'all', {
      arp: { operation: 1, senderMac, senderAddress, targetAddress: theirs.addresses[0]! },
    });
    const answer = { senderMac: theirs.mac, senderAddress: theirs.addresses[0]! };
    const asked = { targetMac: senderMac, targetAddress: senderAddress };
    return this.add(whom, who, { arp: { operation: 2, ...answer, ...asked } });
  }

  segment(
    from: Host,
    to: Host,
    [source, destination]: [number, number],
    flags: number,
    text = '',
    lost = false,
  ): this {
    const ipv4 = { source: addressOf(from), destination: addressOf(to), dontFragment: true };
    const [own, peer] = [`${from} ${source}`, `${to} ${destination}`];
    const sequence = this.#sent.get(own) ?? 1000;
    const acknowledgement = flags & ACK ? (this.#sent.get(peer) ?? 1000) : 0;
    const tcp = { sourcePort: source, destinationPort: destination, flags, sequence, acknowledgement };
    if (!lost) this.#sent.set(own, sequence + text.length + (flags & (SYN | FIN) ? 1 : 0));
    return this.add(from, to, { ipv4, tcp, payload: Buffer.from(text) }, lost);
  }

  datagram(from: Host, to: Host | 'all', [source, destination]: [number, number], text: string): this {
    const target = to === 'all' ? '10.50.1.255' : addressOf(to);
    const ipv4 = { source: addressOf(from), destination: target };
    const udp = { sourcePort: source, destinationPort: destination };
    return this.add(from, to, { ipv4, udp, payload: Buffer.from(text) });
  }
}

/** ARP, a handshake, an echo in capitals, and its closing. */
export function conversation(): Wire {
  const up: [number, number] = [40000, 9000];
  const down: [number, number] = [9000, 40000];
  return new Wire()
    .arp('alice', 'echo')
    .segment('alice', 'echo', up, SYN)
    .segment('echo', 'alice', down, SYN | ACK)
    .segment('alice', 'echo', up, ACK)
    .segment('alice', 'echo', up, PSH | ACK, 'hello')
    .segment('echo', 'alice', down, ACK)
    .segment('echo', 'alice', down, PSH | ACK, 'HELLO')
    .segment('alice', 'echo', up, ACK)
    .segment('alice', 'echo', up, FIN | ACK)
    .segment('echo', 'alice', down, FIN | ACK)
    .segment('alice', 'echo', up, ACK);
}

/** What following the conversation above comes to. */
const VIEWS: Record<number, [sender: string | undefined, receiver: string, phase: 'handshake' | 'closing']> =
  {
    3: ['SYN-SENT', 'SYN-RECEIVED', 'handshake'],
    4: [undefined, 'ESTABLISHED', 'handshake'],
    5: [undefined, 'ESTABLISHED', 'handshake'],
    10: ['FIN-WAIT-1', 'CLOSE-WAIT', 'closing'],
    11: ['LAST-ACK', 'TIME-WAIT', 'closing'],
    12: [undefined, 'CLOSED', 'closing'],
  };

export function conversationView({ number }: SeenFrame) {
  const [sender, receiver, phase] = VIEWS[number] ?? [];
  return {
    conversation: 1,
    notes: [],
    ...(sender && { sender }),
    ...(receiver && { receiver }),
    ...(phase && { phase }),
  };
}

export function ladderOf(wire: Wire, options: Partial<LadderOptions> = {}): Ladder {
  return makeLadder(wire.frames, {
    parties,
    ends: endsByCards(parties, wire.captured, wire.frames),
    print: ({ frame }) => labelOf(frame, naming(parties)),
    began: BEGAN,
    ...options,
  });
}

export const sample = (lines: readonly LineResult[] = []): Ladder =>
  ladderOf(conversation(), { tcp: conversationView, lines });

/** A SYN that leaves and never arrives, sent again. */
export function cutOffWire(): Wire {
  const wire = new Wire();
  for (const pause of [0, 1000, 2000]) {
    wire.wait(pause).segment('alice', 'echo', [40001, 9000], SYN, '', true);
  }
  return wire;
}

export function cutOff(): Ladder {
  const wire = cutOffWire();
  return ladderOf(wire, {
    tcp: ({ number }) => ({
      conversation: 1,
      notes: number > 1 ? ['retransmission'] : [],
      ...(number === 1 && { sender: 'SYN-SENT' }),
    }),
    lines: [
      { at: 'alice', line: 'tcp alice > echo SYN', number: 1, status: 'matched' },
      { at: 'alice', line: 'tcp echo > alice SYN+ACK', after: 1, status: 'missing' },
      { at: 'alice', line: 'tcp alice > echo SYN', number: 3, status: 'forbidden' },
    ],
  });
}

/** Everything else that a ladder tells apart. */
export function mixture(): Wire {
  const wire = new Wire(['alice', 'bob', 'echo']);
  wire
    .datagram('alice', 'all', [40000, 9000], 'who is there?')
    .datagram('bob', 'alice', [9000, 40000], 'bob');
  wire.segment('bob', 'echo', [40002, 9999], SYN).segment('echo', 'bob', [9999, 40002], RST | ACK);
  const source = addressOf('bob');
  wire.add('bob', 'nobody', {
    ipv4: { source, destination: '10.50.1.99' },
    icmp: { type: 8, identifier: 7, sequence: 1 },
  });
  wire.add('echo', 'alice', {
    ipv4: { source: addressOf('echo'), destination: addressOf('alice') },
    icmp: { type: 3, code: 3 },
  });
  return wire;
}

/** A file of so many full segments. */
export function download(segments: number): Wire {
  const wire = new Wire(['alice', 'files']);
  for (let count = 0; count < segments; count += 1) {
    wire.segment('files', 'alice', [9000, 40003], ACK, 'x'.repeat(1448));
    if (count % 3 === 2) wire.segment('alice', 'files', [40003, 9000], ACK);
  }
  return wire;
}

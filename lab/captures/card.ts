/** The capture of one card: its agent's stream of pcap, read as it comes, and the frames that are missing. */
import { type AgentCalls, type Handle, MARK, MARK_V6 } from '../agent/protocol.ts';
import type { LiveHost } from '../live/host.ts';
import { addressesOf, type PlannedInterface } from '../model/planned.ts';
import { ipv4Bytes, ipv6Bytes } from '../wire/address.ts';
import { captureReader } from '../wire/files/capture-file.ts';
import type { Captured } from '../wire/frame.ts';
import { uint16, uint32 } from '../wire/integer.ts';
import type { Card } from '../wire/timeline.ts';
import { roomOf } from './room.ts';

/** Milliseconds that one look for more bytes waits: far below the channel's own limit. */
const LOOK = 60_000;
/** Octets of an Ethernet header, and the offset of the source address. */
const HEADER = 14;
const SOURCE = 6;
/** A mark by its EtherType: in an untagged frame the offset of the destination address, this address, the text's offset. */
const MARKS = new Map([
  [0x0800, { destination: 30, marked: ipv4Bytes(MARK.address), text: 42 }],
  [0x86dd, { destination: 38, marked: ipv6Bytes(MARK_V6.address), text: 62 }],
]);

export interface CardCapture {
  card: Card;
  /** Resolves when every frame that the host's kernel received before has been handed on, or is told as missing. */
  drain(): Promise<void>;
  /** Resolves when a mark with this text has been seen. */
  marked(text: string): Promise<void>;
  /** Resolves when the last frames are handed on: with the missing frames of the capture in words, if there are any. */
  stop(): Promise<string | undefined>;
}

export interface Taking {
  frame(card: Card, captured: Captured): void;
  /** Told, in words, that more frames are missing than were known, before the drain that found it resolves. */
  missing?(card: Card, what: string): void;
  /** The host has gone, or its capture program has ended by itself. */
  lost(card: Card, why: string): void;
}

/** The card in the form that timelines use. */
export function cardOf(host: Pick<LiveHost, 'name'>, planned: PlannedInterface): Card {
  const { name, mac, network } = planned;
  return { host: host.name, name, mac, network, addresses: addressesOf(planned) };
}

/** Resolves when the capture has begun. `filter` is one of pcap-filter(7), `room` as in `captureStart`. */
export async function captureCard(
  host: Pick<LiveHost, 'name' | 'agent'>,
  planned: PlannedInterface,
  taking: Taking,
  filter = '',
  room = roomOf(1),
): Promise<CardCapture> {
  const { agent } = host;
  const card = cardOf(host, planned);
  const mtu = await mtuOf(agent, card.name);
  const { handle } = await agent.captureStart({ card: card.name, mtu, room, filter });
  const counter = new Counter();
  const marks = new Marks();
  let stopping = false;
  let known = 0;
  const over = pull(agent, handle, (captured) => {
    if (isMark(captured)) marks.add(captured);
    else taking.frame(card, captured);
    counter.count();
  }).then(
    ({ trouble, said }) => {
      if (stopping && !trouble) return;
      const [last] = said.split('\n').filter((line) => line.startsWith('tcpdump: '));
      taking.lost(card, trouble ?? `the capture program ended by itself${last ? ` (${last})` : ''}`);
    },
    (error: Error) => taking.lost(card, error.message),
  );
  void over.finally(() => counter.end());

  const drain = async (call: 'captureDrain' | 'captureStop') => {
    const { captured, received } = await agent[call]({ handle });
    await counter.reaches(captured);
    const missing = received - captured;
    if (missing <= 0) return undefined;
    const what = `${missing} of ${received} frames are missing: they came faster than they could be kept`;
    if (missing > known) taking.missing?.(card, what);
    known = Math.max(known, missing);
    return what;
  };
  return {
    card,
    drain: async () => void (await drain('captureDrain')),
    marked: (text) => marks.seen(text),
    async stop() {
      stopping = true;
      const missing = await drain('captureStop');
      await over;
      await agent.close({ handle });
      return missing;
    },
  };
}

async function mtuOf(agent: AgentCalls, name: string): Promise<number> {
  const card = (await agent.interfaces()).find((one) => one.name === name);
  return card?.mtu ?? 65_536;
}

/** Reads to the stream's end. Returns its error, if there is one, and the last words of the capture program. */
async function pull(
  agent: AgentCalls,
  handle: Handle,
  take: (captured: Captured) => void,
): Promise<{ trouble: string | undefined; said: string }> {
  const reader = captureReader();
  for (;;) {
    const { bytes, end, said = '', macs } = await agent.captureRead({ handle, giveUp: LOOK });
    // One copy for all frames: they keep the bytes that they were read from, and the message may hold much else.
    const come = reader.push(new Uint8Array(bytes));
    const own = new Set(macs.map(numberOf));
    for (const captured of come) {
      captured.way = own.has(sourceOf(captured)) ? 'out' : 'in';
      take(captured);
    }
    if (end) reader.end();
    if (end || reader.trouble) return { trouble: reader.trouble?.message, said };
  }
}

/** MACs as numbers: there may be a hundred thousand frames a second. */
function numberOf(mac: string): number {
  return Number.parseInt(mac.replaceAll(':', ''), 16);
}

function sourceOf({ bytes }: Captured): number {
  return bytes.length < HEADER ? -1 : uint16(bytes, SOURCE) * 2 ** 32 + uint32(bytes, SOURCE + 2);
}

/** The number of frames that have come, and the callers that wait for a number. */
class Counter {
  #count = 0;
  #waiting: { count: number; resolve: () => void }[] = [];

  count(): void {
    this.#count += 1;
    if (this.#waiting.length > 0) this.#wake(this.#count);
  }

  end(): void {
    this.#wake(Number.POSITIVE_INFINITY);
  }

  async reaches(count: number): Promise<void> {
    if (this.#count >= count) return;
    await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
  }

  #wake(reached: number): void {
    for (const { count, resolve } of this.#waiting) if (count <= reached) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > reached);
  }
}

/** The marks that were seen, by their text. */
class Marks {
  readonly #seen = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();

  add({ bytes }: Captured): void {
    const { text: at } = MARKS.get(uint16(bytes, 12))!;
    const text = Buffer.from(bytes.subarray(at)).toString('latin1').replace(/\0+$/, '');
    this.#seen.add(text);
    for (const wake of this.#waiting.get(text) ?? []) wake();
    this.#waiting.delete(text);
  }

  async seen(text: string): Promise<void> {
    if (this.#seen.has(text)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(text, [...(this.#waiting.get(text) ?? []), resolve]);
    });
  }
}

/** Whether a frame is a mark of lanlab, and not a frame of the scenario. */
function isMark({ bytes }: Captured): boolean {
  const mark = bytes.length >= 14 ? MARKS.get(uint16(bytes, 12)) : undefined;
  return (
    mark !== undefined &&
    bytes.length >= mark.text &&
    mark.marked.every((byte, index) => bytes[mark.destination + index] === byte)
  );
}

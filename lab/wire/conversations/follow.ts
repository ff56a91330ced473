/**
 * TCP conversations, followed through the frames of a timeline. Each segment has its conversation, its numbers from
 * the conversation's beginning, notes on it (notes.ts), and the states of its ends after it (ends.ts).
 */

import { ACK, FIN, SYN } from '../tcp.ts';
import type { Card, SeenFrame } from '../timeline.ts';
import type { Conversation, Endpoint, Segment, Side, Watched } from './conversation.ts';
import { settleEnds } from './ends.ts';
import { dataInFragments } from './fragments.ts';
import { Notes } from './notes.ts';
import { Numbers } from './numbers.ts';
import { noteTranslated } from './translated.ts';

export interface FollowOptions {
  /**
   * Cards at which everything was captured, also those that saw nothing; where absent, the cards that saw any frame. At
   * an end with such a card, only frames seen there count; at another end, its acknowledgements count.
   */
  captured?: readonly Card[];
}

export interface Followed {
  conversations: Conversation[];
  /** Undefined for a frame without TCP. */
  of(seen: SeenFrame): Segment | undefined;
}

/** The frames must be in order of time. */
export function followTcp(frames: readonly SeenFrame[], options: FollowOptions = {}): Followed {
  const conversations: Conversation[] = [];
  const current = new Map<string, Following>();
  const segments = new Map<SeenFrame, Segment>();
  const captured = capturedAddresses(frames, options.captured);
  const lengths = dataInFragments(frames);
  for (const seen of frames) {
    const { tcp, ip } = seen.frame;
    if (!tcp || !ip) continue;
    const ends = [
      { address: ip.source, port: tcp.sourcePort },
      { address: ip.destination, port: tcp.destinationPort },
    ] as const;
    const key = ends
      .map(({ address, port }) => `${address} ${port}`)
      .sort()
      .join(' ');
    let following = current.get(key);
    if (!following || following.isOver(seen)) {
      following = new Following(conversations.length + 1, seen, ...ends, { captured, lengths });
      conversations.push(following.conversation);
      current.set(key, following);
    }
    segments.set(seen, following.add(seen));
  }
  noteTranslated(conversations);
  for (const conversation of conversations) settleEnds(conversation, captured);
  return { conversations, of: (seen) => segments.get(seen) };
}

function capturedAddresses(frames: readonly SeenFrame[], cards: readonly Card[] | undefined): Watched {
  const all = new Set(cards ?? frames.flatMap(({ sightings }) => sightings.map(({ card }) => card)));
  return new Map(
    [...all].flatMap(({ addresses, host }) => addresses.map((address) => [address, host] as const)),
  );
}

interface Given {
  captured: Watched;
  lengths: ReadonlyMap<SeenFrame, number>;
}

/** A conversation while it goes on. */
class Following {
  readonly conversation: Conversation;
  readonly #numbers: Record<Side, Numbers> = { client: new Numbers(), server: new Numbers() };
  /** The shift of the window scale that each side's SYN offered. */
  readonly #scale: Partial<Record<Side, number>> = {};
  readonly #notes: Notes;

  /** Bytes of data of segments that came in fragments. */
  readonly #lengths: ReadonlyMap<SeenFrame, number>;

  constructor(number: number, first: SeenFrame, from: Endpoint, to: Endpoint, given: Given) {
    const { captured, lengths } = given;
    this.#lengths = lengths;
    const { flags } = first.frame.tcp!;
    const answers = (flags & SYN) !== 0 ? (flags & ACK) !== 0 : from.port < to.port;
    const [client, server] = answers ? [to, from] : [from, to];
    const begun = (flags & (SYN | ACK)) === SYN;
    this.conversation = { number, client, server, begun, segments: [] };
    this.#notes = new Notes(this.conversation, captured);
  }

  /** A SYN with another number begins a new conversation, unless it is the other side's first: then both open at once. */
  isOver({ frame }: SeenFrame): boolean {
    const { flags, sequence } = frame.tcp!;
    if ((flags & (SYN | ACK)) !== SYN) return false;
    const from = this.#sideOf(frame);
    const [own, other] =
      from === 'client' ? (['client', 'server'] as const) : (['server', 'client'] as const);
    if (this.#numbers[own].isInitial(sequence)) return false;
    const alone = this.conversation.segments.every((segment) => segment.from === other);
    return !(alone && this.#notes.opens());
  }

  add(seen: SeenFrame): Segment {
    const from = this.#sideOf(seen.frame);
    const segment = this.#read(seen, from);
    this.#notes.take(segment);
    this.conversation.segments.push(segment);
    return segment;
  }

  #sideOf(frame: SeenFrame['frame']): Side {
    const { address, port } = this.conversation.client;
    return frame.tcp!.sourcePort === port && frame.ip!.source === address ? 'client' : 'server';
  }

  #read(seen: SeenFrame, from: Side): Segment {
    const { frame } = seen;
    const { flags, sequence, acknowledgement } = frame.tcp!;
    const [own, peer] = [this.#numbers[from], this.#numbers[from === 'client' ? 'server' : 'client']];
    if (flags & SYN) this.#begin(frame, from, own, peer);
    const length = this.#lengths.get(seen) ?? frame.carried;
    const relative = own.relative(sequence);
    return {
      seen,
      conversation: this.conversation,
      from,
      flags,
      sequence: relative,
      end: relative + length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0),
      ...(flags & ACK && { acknowledgement: peer.relative(acknowledgement) }),
      length,
      window: this.#window(frame, from),
      notes: [],
      states: {},
    };
  }

  #begin(frame: SeenFrame['frame'], from: Side, own: Numbers, peer: Numbers): void {
    const { flags, sequence, acknowledgement, options } = frame.tcp!;
    if (!own.isInitial(sequence)) own.begin(sequence);
    if (flags & ACK && !peer.known) peer.begin((acknowledgement - 1) >>> 0);
    const scale = options.find((option) => option.scale !== undefined)?.scale;
    if (scale === undefined) delete this.#scale[from];
    else this.#scale[from] = Math.min(scale, 14); // RFC 7323 section 2.3
  }

  /** The window of a SYN is never scaled. */
  #window(frame: SeenFrame['frame'], from: Side): number {
    const { flags, window } = frame.tcp!;
    const { client, server } = this.#scale;
    if (flags & SYN || client === undefined || server === undefined) return window;
    return window * 2 ** this.#scale[from]!;
  }
}

/** TCP between alice (client, port 40000) and echo (server, port 9000), written segment by segment. */
import { type Followed, followTcp } from '../../lab/wire/conversations/follow.ts';
import type { Captured } from '../../lab/wire/frame.ts';
import { mergeCaptures } from '../../lab/wire/merge.ts';
import type { Card, SeenFrame } from '../../lab/wire/timeline.ts';
import { captured, cardOf, tcp } from './made.ts';

export const alice = cardOf('alice');
export const echo = cardOf('echo');
export const ISN = { alice: 0xfffffff0, echo: 5000 };

const FLAGS: Record<string, number> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

export interface Spoken {
  from: 'alice' | 'echo';
  /** `SA` */
  flags: string;
  /** Relative: the SYN is 0. */
  sequence: number;
  acknowledgement?: number;
  payload?: string;
  window?: number;
  scale?: number;
  /** Microseconds on its way; `lost` never comes. Ten unless given. */
  delay?: number | 'lost';
  /** Microseconds between the one before and this; a hundred unless given. */
  after?: number;
  identification?: number;
  isn?: number;
}

/** From `alice SA 0 1`, in short. */
export function say(
  from: Spoken['from'],
  flags: string,
  sequence: number,
  acknowledgement?: number,
  more: Partial<Spoken> = {},
): Spoken {
  return { from, flags, sequence, ...(acknowledgement !== undefined && { acknowledgement }), ...more };
}

/** What the cards captured of it, merged. */
export function talk(
  spoken: readonly Spoken[],
  cards: readonly Card[] = [alice, echo],
): readonly SeenFrame[] {
  const taken = new Map<Card, Captured[]>(cards.map((card) => [card, []]));
  let now = 0;
  for (const [index, one] of spoken.entries()) {
    now += one.after ?? 100;
    const bytes = segmentOf(one, one.identification ?? index + 1);
    for (const [card, frames] of taken) {
      if (card.host === one.from) frames.push(captured(bytes, now));
      else if (one.delay !== 'lost') frames.push(captured(bytes, now + (one.delay ?? 10)));
    }
  }
  return mergeCaptures([...taken].map(([card, frames]) => ({ card, frames })));
}

export function segmentOf(one: Spoken, identification: number): Uint8Array {
  const to = one.from === 'alice' ? 'echo' : 'alice';
  const [sourcePort, destinationPort] = one.from === 'alice' ? [40_000, 9000] : [9000, 40_000];
  return tcp({
    from: one.from,
    to,
    sourcePort,
    destinationPort,
    flags: [...one.flags].reduce((all, flag) => all | FLAGS[flag]!, 0),
    sequence: (one.isn ?? ISN[one.from]) + one.sequence,
    identification,
    ...(one.acknowledgement !== undefined && { acknowledgement: ISN[to] + one.acknowledgement }),
    ...(one.payload !== undefined && { payload: one.payload }),
    ...(one.window !== undefined && { window: one.window }),
    ...(one.scale !== undefined && { options: Buffer.from([1, 3, 3, one.scale]) }),
  });
}

export const HANDSHAKE = [say('alice', 'S', 0), say('echo', 'SA', 0, 1), say('alice', 'A', 1, 1)];

/** `alice SYN-SENT, echo SYN-RECEIVED`: what each segment changes. */
export function changes(frames: readonly SeenFrame[], followed: Followed): string[] {
  return frames.map((frame) => {
    const { from, sender, receiver } = followed.of(frame)!;
    const [own, peer] = from === 'client' ? ['client', 'server'] : ['server', 'client'];
    return [sender && `${own} ${sender}`, receiver && `${peer} ${receiver}`].filter(Boolean).join(', ');
  });
}

export function notes(frames: readonly SeenFrame[], followed: Followed): string[] {
  return frames.map((frame) => followed.of(frame)!.notes.join(', '));
}

export const CLOSING = [
  say('alice', 'FA', 1, 1),
  say('echo', 'A', 1, 2),
  say('echo', 'FA', 1, 2),
  say('alice', 'A', 2, 2),
];

/** What the segments change, and what is noted, with both ends captured. */
export function followed(spoken: readonly Spoken[], cards = [alice, echo]) {
  const frames = talk(spoken, cards);
  const result = followTcp(frames, { captured: cards });
  return {
    changes: changes(frames, result),
    notes: notes(frames, result),
    segments: frames.map((frame) => result.of(frame)!),
    conversations: result.conversations,
  };
}

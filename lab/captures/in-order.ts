/**
 * Frames of several cards as one stream in order of time. The frames of each card come in order. A frame is handed on
 * when every other card has shown a later one. As a silent card shows none, it waits at most `HELD`.
 */
import type { Captured } from '../wire/frame.ts';
import { compareStamps } from '../wire/stamp.ts';
import type { Card } from '../wire/timeline.ts';

/** Milliseconds for which a frame is held: far more than a capture's way from its agent takes. */
const HELD = 200;

interface Queue {
  card: Card;
  waiting: { captured: Captured; since: number }[];
  /** The latest frame of all that the card has shown. */
  latest?: Captured;
}

export interface InOrder {
  take(card: Card, captured: Captured): void;
  /** Hands on the frames that are held: no more will come. */
  end(): void;
}

/** With one card alone no frame is held. */
export function inOrder(cards: readonly Card[], hand: (card: Card, captured: Captured) => void): InOrder {
  const queues = new Map(cards.map((card): [string, Queue] => [card.mac, { card, waiting: [] }]));
  let timer: NodeJS.Timeout | undefined;

  /** Hands on the frames that came by this time, and those that no frame of another card can precede. */
  function release(by: number): void {
    for (;;) {
      const next = earliest(queues.values());
      if (!next) return;
      const { captured, since } = next.waiting[0]!;
      const settled = [...queues.values()].every(
        ({ latest }) => latest !== undefined && compareStamps(latest, captured) >= 0,
      );
      if (!settled && since > by) {
        timer ??= setTimeout(look, Math.max(0, since - by));
        return;
      }
      next.waiting.shift();
      hand(next.card, captured);
    }
  }

  function look(): void {
    timer = undefined;
    release(performance.now() - HELD);
  }

  return {
    take({ mac }, captured) {
      const queue = queues.get(mac)!;
      queue.waiting.push({ captured, since: performance.now() });
      queue.latest = captured;
      release(performance.now() - HELD);
    },
    end() {
      release(Number.POSITIVE_INFINITY);
      clearTimeout(timer);
    },
  };
}

/** The queue whose first frame is the earliest of all; undefined where all are empty. */
function earliest(queues: Iterable<Queue>): Queue | undefined {
  return [...queues]
    .filter(({ waiting }) => waiting.length > 0)
    .sort((a, b) => compareStamps(a.waiting[0]!.captured, b.waiting[0]!.captured))[0];
}

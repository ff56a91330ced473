/**
 * Frames of several cards as one stream in order of time. Each card's own come in order; one is handed on when every
 * other card has shown a later one, or when it has waited for them: a card that hears nothing shows nothing.
 */
import type { Captured } from '../wire/frame.ts';
import { compareStamps } from '../wire/stamp.ts';
import type { Card } from '../wire/timeline.ts';

/** Milliseconds for which a frame is held: far more than a capture's way from its agent takes. */
const HELD = 200;

interface Queue {
  card: Card;
  waiting: { captured: Captured; since: number }[];
  /** Of all that it has shown. */
  latest?: Captured;
}

export interface InOrder {
  take(card: Card, captured: Captured): void;
  /** No more come: hands on what is held. */
  end(): void;
}

/** Of one card alone nothing is held. */
export function inOrder(cards: readonly Card[], hand: (card: Card, captured: Captured) => void): InOrder {
  const queues = new Map(cards.map((card): [string, Queue] => [card.mac, { card, waiting: [] }]));
  let timer: NodeJS.Timeout | undefined;

  /** Those that came by then go, and those that no other card can come before. */
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

/** The queue whose first is the earliest of all; undefined where all are empty. */
function earliest(queues: Iterable<Queue>): Queue | undefined {
  return [...queues]
    .filter(({ waiting }) => waiting.length > 0)
    .sort((a, b) => compareStamps(a.waiting[0]!.captured, b.waiting[0]!.captured))[0];
}

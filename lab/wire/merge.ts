/**
 * Captures of several cards as one timeline. Frames of different cards may be added in any order: the timeline
 * is the same. A frame is decoded when somebody looks, and only frames added since are worked out. So adding
 * keeps up with a flood, and a look after every frame is cheap.
 */
import { wayOf } from './cards.ts';
import { decode } from './decode.ts';
import type { Captured, Frame } from './frame.ts';
import { LINK } from './link-types.ts';
import { bySeen, type OneSighting, pairSightings } from './pairing.ts';
import type { Card, SeenFrame } from './timeline.ts';

/** Frames of the same bytes on the same network. */
interface Equal {
  readonly network: string;
  readonly frame: Frame;
  readonly seen: OneSighting[];
  /** These frames in the timeline. */
  frames: Placed[];
}

/** A frame of the timeline and its first sighting, which decides its place. */
interface Placed {
  readonly frame: SeenFrame;
  first: OneSighting;
}

/** A frame as it was added. */
interface Added {
  readonly card: Card;
  readonly captured: Captured;
  readonly number: number | undefined;
  readonly setBack: number;
}

export class Timeline {
  /** Added since the last look. */
  #waiting: Added[] = [];
  /** Equal frames by a hash of their bytes. */
  readonly #equal = new Map<number, Equal[]>();
  readonly #changed = new Set<Equal>();
  /** The number of frames added for each card. */
  readonly #added = new Map<Card, number>();
  #placed: Placed[] = [];
  #frames: readonly SeenFrame[] = [];
  #epoch: number | undefined;

  /**
   * Adds the next frame that a card captured; `number` where it is not the one after the last. A card is recognised by
   * its object. A frame left the card where the capture says so, or where it has the card's MAC as its source. `setBack`
   * is the time in nanoseconds by which the clock had been set back before (clock-steps.ts): the frame's place in time
   * is so much later.
   */
  add(card: Card, captured: Captured, number?: number, setBack = 0): void {
    this.#waiting.push({ card, captured, number, setBack });
  }

  #read({ card, captured, setBack, number = (this.#added.get(card) ?? 0) + 1 }: Added): void {
    this.#added.set(card, number);
    const { seconds, nanoseconds } = captured;
    this.#epoch ??= seconds;
    const equal = this.#equalTo(captured, card.network);
    const way =
      captured.way ?? wayOf(equal.frame) ?? (equal.frame.ethernet?.source === card.mac ? 'out' : 'in');
    equal.seen.push({
      sighting: { card, number, seconds, nanoseconds, way, ...(setBack > 0 && { setBack }) },
      time: (seconds - this.#epoch) * 1e9 + nanoseconds + setBack,
    });
    this.#changed.add(equal);
  }

  /**
   * All frames so far, in order of time, numbered from 1. A list that was returned does not change. A frame stays the
   * same object as long as its first sighting stays the same. It gets more sightings, and another number where an
   * earlier frame is added.
   */
  frames(): readonly SeenFrame[] {
    for (const added of this.#waiting) this.#read(added);
    this.#waiting = [];
    if (this.#changed.size === 0) return this.#frames;
    const gone = new Set<Placed>();
    const come: Placed[] = [];
    for (const equal of this.#changed) pairAgain(equal, gone, come);
    this.#changed.clear();
    this.#place(gone, come);
    return this.#frames;
  }

  #equalTo({ bytes, length, linkType = LINK.ethernet }: Captured, network: string): Equal {
    const key = hash(bytes);
    const candidates = this.#equal.get(key) ?? [];
    const found = candidates.find(
      (equal) =>
        equal.network === network &&
        equal.frame.length === length &&
        equal.frame.linkType === linkType &&
        Buffer.compare(equal.frame.bytes, bytes) === 0,
    );
    if (found) return found;
    const equal: Equal = { network, frame: decode(bytes, length, linkType), seen: [], frames: [] };
    candidates.push(equal);
    this.#equal.set(key, candidates);
    return equal;
  }

  /** Places new frames. Frames before the first change stay where they are. */
  #place(gone: ReadonlySet<Placed>, come: readonly Placed[]): void {
    const first = [...gone, ...come].reduce(
      (least, { first }) => (bySeen(first, least) < 0 ? first : least),
      LAST,
    );
    let kept = this.#placed.length;
    while (
      kept > 0 &&
      (gone.has(this.#placed[kept - 1]!) || bySeen(this.#placed[kept - 1]!.first, first) >= 0)
    ) {
      kept--;
    }
    const moved = this.#placed.slice(kept).filter((placed) => !gone.has(placed));
    const tail = [...moved, ...come].sort((a, b) => bySeen(a.first, b.first));
    for (const [index, { frame }] of tail.entries()) frame.number = kept + index + 1;
    this.#placed.length = kept;
    for (const placed of tail) this.#placed.push(placed);
    this.#frames = this.#frames.slice(0, kept).concat(tail.map(({ frame }) => frame));
  }
}

const LAST = { time: Number.POSITIVE_INFINITY } as OneSighting;

/** Pairs sightings again. A frame with the same first sighting stays the same object, at the same place. */
function pairAgain(equal: Equal, gone: Set<Placed>, come: Placed[]): void {
  const before = new Map(equal.frames.map((placed) => [placed.first, placed]));
  equal.frames = pairSightings(equal.seen).map((seen) => {
    const first = seen[0]!;
    const sightings = seen.map(({ sighting }) => sighting);
    const same = before.get(first);
    if (same) {
      before.delete(first);
      same.frame.sightings = sightings;
      return same;
    }
    const placed = { first, frame: { number: 0, frame: equal.frame, sightings } };
    come.push(placed);
    return placed;
  });
  for (const placed of before.values()) gone.add(placed);
}

/** The hash FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  return value;
}

/** The frames of finished captures: each card with its captured frames. */
export function mergeCaptures(
  captures: Iterable<{ card: Card; frames: Iterable<Captured> }>,
): readonly SeenFrame[] {
  const timeline = new Timeline();
  for (const { card, frames } of captures) for (const captured of frames) timeline.add(card, captured);
  return timeline.frames();
}

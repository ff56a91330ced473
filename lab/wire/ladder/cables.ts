/** Captured frames that impaired cables have lost, doubled, damaged, let overtake, or held. */
import { nanosecondsBetween } from '../stamp.ts';
import type { SeenFrame, Sighting } from '../timeline.ts';
import type { FindEnds } from './lanes.ts';

/** A cable's verdict on one frame; `head` is the frame's first bytes. */
export interface CableWord {
  host: string;
  direction: 'out' | 'in';
  /** Seconds since 1970 when the frame had come to the cable. */
  time: number;
  did: 'dropped' | 'doubled' | 'corrupted' | 'overtaken';
  why?: keyof typeof WHY;
  length: number;
  head: Uint8Array;
}

export interface CablesTold {
  verdicts: readonly CableWord[];
  /** Cables with an impairment, an entry for each direction. */
  tallies: readonly { host: string; card: string; direction: 'out' | 'in' }[];
}

export interface CableView {
  lost: boolean;
  notes: string[];
  /** Milliseconds between two captures of the frame, with an impaired cable in between. */
  held?: number;
}

/** Bytes of a frame that a verdict has. */
const HEAD = 128;
/** Seconds by which stamps at two ends may be in the wrong order. */
const REVERSED = 0.001;
/** A shorter delay, in milliseconds, is not shown. */
const UNNOTICED = 1;

const WHY = {
  loss: 'loss',
  nth: 'one of the named frames',
  blackhole: 'black hole',
  queue: 'full queue',
  mtu: 'larger than the MTU',
  reset: 'answered with RST',
  reject: 'refused by the cable',
} as const;

const DID = {
  dropped: 'dropped',
  doubled: 'doubled',
  corrupted: 'one bit turned',
  overtaken: 'overtaken',
} as const;

/** The frames must be in order of time. Undefined for a frame that no cable impaired. */
export function cableViews(
  frames: readonly SeenFrame[],
  { verdicts, tallies }: CablesTold,
): (seen: SeenFrame) => CableView | undefined {
  const impaired = new Set(tallies.map(({ host, card, direction }) => `${host} ${card} ${direction}`));
  const views = new Map<SeenFrame, CableView>();
  const viewOf = (seen: SeenFrame) => {
    const view = views.get(seen) ?? { lost: false, notes: [] };
    views.set(seen, view);
    return view;
  };
  for (const seen of frames) {
    const held = heldFor(seen, impaired);
    if (held !== undefined) viewOf(seen).held = held;
  }
  const alike = Map.groupBy(frames, ({ frame }) => keyOf(frame.bytes, frame.length));
  for (const verdict of verdicts) {
    const same = alike.get(keyOf(verdict.head, verdict.length)) ?? [];
    const seen = same.findLast((one) => isBefore(one, verdict));
    if (!seen) continue;
    const view = viewOf(seen);
    const why = verdict.why === undefined ? '' : ` (${WHY[verdict.why]})`;
    view.notes.push(`${DID[verdict.did]} on the cable of ${verdict.host}${why}`);
    if (verdict.did === 'dropped') view.lost = true;
    const copy = verdict.did === 'doubled' && same.find((one) => one !== seen && isCopyOf(one, seen, views));
    if (copy) viewOf(copy).notes.push(SECOND);
  }
  return (seen) => views.get(seen);
}

const SECOND = 'second copy';

/** A frame that a cable has lost has not arrived, also where nobody captured at the receiver. */
export function endsByCables(ends: FindEnds, view: (seen: SeenFrame) => CableView | undefined): FindEnds {
  return (seen) => {
    const found = ends(seen);
    return view(seen)?.lost && found.fate === 'unseen' ? { ...found, fate: 'lost' } : found;
  };
}

function keyOf(bytes: Uint8Array, length: number): string {
  return `${length} ${Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEAD, bytes.length)).toString('latin1')}`;
}

function isBefore({ sightings: [first] }: SeenFrame, { time }: CableWord): boolean {
  return first!.way === 'out' && secondsOf(first!) <= time + REVERSED;
}

/** Whether a frame is the copy of another one: it came later, and no host sent it. */
function isCopyOf(one: SeenFrame, first: SeenFrame, views: ReadonlyMap<SeenFrame, CableView>): boolean {
  const sent = one.sightings.some(({ way }) => way === 'out');
  return !sent && one.number > first.number && !views.get(one)?.notes.includes(SECOND);
}

/** The time from the sender's stamp to the first receiver's. */
function heldFor({ sightings }: SeenFrame, impaired: ReadonlySet<string>): number | undefined {
  const [sent, came] = sightings;
  if (sent?.way !== 'out' || came?.way !== 'in') return undefined;
  const on = ({ card, way }: Sighting) => impaired.has(`${card.host} ${card.name} ${way}`);
  if (!on(sent) && !on(came)) return undefined;
  const held = nanosecondsBetween(sent, came) / 1e6;
  return held >= UNNOTICED ? held : undefined;
}

function secondsOf({ seconds, nanoseconds }: Sighting): number {
  return seconds + nanoseconds / 1e9;
}

/** The arithmetic of the bench: pairs that were measured in turn, their ratios, and whether a limit is met. */

/** One turn: ours, and the peer's right after it. */
export interface Pair {
  ours: number;
  theirs?: number;
}

export interface Summary {
  /** Medians. */
  ours: number;
  theirs?: number;
  /** What the limit is about: the median of the pairs' ratios, or of our numbers where there is no peer. */
  value: number;
  least: number;
  most: number;
}

/** NaN of nothing; of an even number the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A ratio is of a pair: both halves were measured beside the same neighbours. */
export function summary(pairs: readonly Pair[]): Summary {
  const values = pairs.map(({ ours, theirs }) => (theirs === undefined ? ours : ours / theirs));
  const peers = pairs.flatMap(({ theirs }) => (theirs === undefined ? [] : [theirs]));
  return {
    ours: median(pairs.map(({ ours }) => ours)),
    ...(peers.length > 0 && { theirs: median(peers) }),
    value: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

export function isMet(value: number, limit: number, sense: 'at most' | 'at least'): boolean {
  return sense === 'at most' ? value <= limit : value >= limit;
}

/** Both sides again and again, ours first: A B A B. */
export async function inTurn(
  times: number,
  ours: () => Promise<number>,
  theirs?: () => Promise<number>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const first = await ours();
    pairs.push(theirs ? { ours: first, theirs: await theirs() } : { ours: first });
  }
  return pairs;
}

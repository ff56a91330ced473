/** The search for the highest rate at which something still holds: few tries, in steps of ten per cent. */

const STEP = 1.1;

/** From the least to the most, each a tenth more than the one before; rounded to hundreds. */
export function rates(least: number, most: number): number[] {
  const found: number[] = [];
  for (let rate = most; rate >= least; rate /= STEP) found.unshift(Math.round(rate / 100) * 100);
  return found;
}

/**
 * What `holds` gave at the highest rate at which it gave more than 0, halving what is left; 0 where it never did. It is
 * taken that what does not hold at a rate does not hold above it.
 */
export async function highest(
  ascending: readonly number[],
  holds: (rate: number) => Promise<number>,
): Promise<number> {
  let best = 0;
  let [low, high] = [0, ascending.length - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const held = await holds(ascending[middle]!);
    if (held > 0) {
      best = Math.max(best, held);
      low = middle + 1;
    } else high = middle - 1;
  }
  return best;
}

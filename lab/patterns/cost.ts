/** An upper bound of the time that a pattern takes, before it is tried: JavaScript's engine backtracks. Pure. */

/** The steps of the engine that a pattern may take without a thread: a few hundredths of a second. */
const FEW = 10_000_000;

/**
 * Whether the pattern surely ends soon on texts of so many UTF-16 units each. From every place in a text, a quantifier can
 * stop at each of the next places, and an alternative doubles the ways. A quantified group (or a back reference) has no
 * bound that is worth counting. A character that stands for itself, as in `[+]`, counts like a quantifier: the bound may be
 * too high, but not too low.
 */
export function isQuick({ source }: RegExp, units: readonly number[]): boolean {
  if (units.some((some) => some > 0) && /\)[*+?{]|\\[1-9k]/.test(source)) return false;
  const quantifiers = count(source, /[*+?{]/g);
  const ways = 2 ** count(source, /\|/g) * source.length;
  return units.reduce((sum, some) => sum + ways * Math.max(some, 1) ** (quantifiers + 1), 0) <= FEW;
}

function count(source: string, what: RegExp): number {
  return source.match(what)?.length ?? 0;
}

/** How long a pattern may take at most, before it is tried: JavaScript's engine goes back and tries again. Pure. */

/** Steps of the engine that are taken without a thought: a few hundredths of a second. */
const FEW = 10_000_000;

/**
 * Whether it surely ends soon on texts of so many UTF-16 units each. From every place in a text, a quantifier can stop at
 * each of the next ones, and an alternative doubles the ways; a quantified group (or a back reference) has no bound that
 * is worth counting. Where a character stands for itself, as in `[+]`, it is counted all the same: a pattern is rather
 * taken for a slow one.
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

/** The right name for one that was mistyped. */

/** Longer words are not compared: nobody mistypes them, and the work grows with the square. */
const LONGEST = 64;

/** A word with fewer letters is short. */
const SHORT = 6;

/** The name that the author most likely meant, or undefined where none is near. Ties go to the first. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const ours = name.toLowerCase();
    const far = distance(typed, ours);
    // Two mistakes leave little of a short word: `http` is not `tcp`, `dns` is not `deny`.
    const strange = far > 1 && ours.length < SHORT && typed[0] !== ours[0];
    if (far < least && far <= tolerance(Math.max(typed.length, name.length)) && !strange) {
      best = name;
      least = far;
    }
  }
  return best;
}

/** How many typing mistakes a word of this length may have. */
function tolerance(length: number): number {
  if (length > LONGEST) return -1;
  return length < 4 ? 1 : length < 8 ? 2 : 3;
}

/**
 * Damerau–Levenshtein distance, the restricted form: letters put in, left out, replaced, or two neighbours swapped, no part
 * changed twice.
 */
export function distance(a: string, b: string): number {
  if (Math.max(a.length, b.length) > LONGEST) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** What is asked of rows of numbers: their middle, their ends, and whether a count or a spread is what was drawn for. */

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

/** Counts between which one of `count` draws lies with a probability of 99.9 % (the normal approximation). */
export function interval(count: number, probability: number): [number, number] {
  const [middle, half] = [count * probability, 3.29 * Math.sqrt(count * probability * (1 - probability))];
  return [Math.ceil(middle - half), Math.floor(middle + half)];
}

/** The greatest difference between how values are spread and how they should be (Kolmogorov and Smirnov). */
export function distance(values: readonly number[], below: (value: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.max(
    ...sorted.map((value, index) =>
      Math.max(
        Math.abs(below(value) - index / sorted.length),
        Math.abs((index + 1) / sorted.length - below(value)),
      ),
    ),
  );
}

/** What that difference stays under with a probability of 99.9 % (Smirnov 1948). */
export function mostDistance(count: number): number {
  return 1.95 / Math.sqrt(count);
}

/** The share of a normal distribution below so many deviations (Abramowitz and Stegun 1964, 7.1.26). */
export function normalBelow(deviations: number): number {
  const x = Math.abs(deviations) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const factors = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const error = factors.reduce((sum, factor) => (sum + factor) * t, 0) * Math.exp(-x * x);
  return deviations < 0 ? error / 2 : 1 - error / 2;
}

/** Lengths of the runs of those that are missing, of 1 to `count`. */
export function runsMissing(count: number, came: ReadonlySet<number>): number[] {
  const runs: number[] = [];
  for (let number = 1, run = 0; number <= count + 1; number++) {
    const missing = number <= count && !came.has(number);
    if (missing) run += 1;
    else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  return runs;
}

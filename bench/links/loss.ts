/** Losses: how many of 20,000, and in what runs. */
import type { Found, Row } from './row.ts';
import { interval, mean, runsMissing } from './statistics.ts';

const COUNT = 20_000;
const COUNT_OF_RUNS = 60_000;
const ON = { from: 'alice', to: 'bob' } as const;

export const loss: Row = {
  name: 'loss',
  async measure(track, share) {
    const found: Found[] = [];
    const [count, countOfRuns] = [COUNT, COUNT_OF_RUNS].map((all) => Math.round(all * share)) as [
      number,
      number,
    ];
    for (const percent of [1, 10, 50]) {
      await using _ = await track.fault({ loss: `${percent}%`, on: ON, seed: percent });
      const [seen] = await track.watch([{ ...ON, rate: 5000, count }]);
      const lost = count - seen!.came.length;
      const [least, most] = interval(count, percent / 100);
      found.push({
        asked: `loss ${percent} %, ${thousands(count)} frames`,
        found: `${thousands(lost)} lost`,
        goal: `${thousands(least)} to ${thousands(most)} (binomial, 99.9 %)`,
        met: lost >= least && lost <= most,
      });
    }
    const burst = 5;
    await using _ = await track.fault({ loss: { rate: '10%', burst }, on: ON, seed: 1 });
    const [seen] = await track.watch([{ ...ON, rate: 10_000, count: countOfRuns }]);
    const runs = runsMissing(countOfRuns, new Set(seen!.came.map(({ number }) => number)));
    const length = mean(runs);
    found.push({
      asked: `loss 10 % in runs of ${burst}, ${thousands(countOfRuns)} frames`,
      found: `${thousands(countOfRuns - seen!.came.length)} lost in ${thousands(runs.length)} runs of ${length.toFixed(2)} on average`,
      goal: 'runs within 10 %',
      met: Math.abs(length / burst - 1) <= 0.1,
    });
    return found;
  },
};

export function thousands(count: number): string {
  return Math.round(count).toLocaleString('en');
}

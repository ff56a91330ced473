/** How delays are spread: one kind each way, with datagrams so far apart that none has to wait for the one before it. */
import { delaysOf, ms } from './delay.ts';
import type { Found, Row } from './row.ts';
import { deviation, distance, mean, mostDistance, normalBelow } from './statistics.ts';

const COUNT = 1500;
const [DELAY, BY] = [20, 5];

const SPREADS = {
  uniform: {
    deviation: BY / Math.sqrt(3),
    below: (value: number) => Math.min(1, Math.max(0, (value - DELAY + BY) / (2 * BY))),
  },
  normal: { deviation: BY, below: (value: number) => normalBelow((value - DELAY) / BY) },
};

export const jitter: Row = {
  name: 'jitter',
  async measure(track, share) {
    const written = (spread: keyof typeof SPREADS) => ({ by: `${BY}ms`, spread });
    const there = { from: 'alice', to: 'bob' } as const;
    const back = { from: 'bob', to: 'alice' } as const;
    await using _uniform = await track.fault({
      delay: `${DELAY}ms`,
      jitter: written('uniform'),
      on: there,
      seed: 1,
    });
    await using _normal = await track.fault({
      delay: `${DELAY}ms`,
      jitter: written('normal'),
      on: back,
      seed: 1,
    });
    const flow = { rate: 40, count: Math.round(COUNT * share) };
    const [uniform, normal] = await track.watch([
      { ...there, ...flow },
      { ...back, ...flow },
    ]);
    return [describe('uniform', delaysOf(uniform!)), describe('normal', delaysOf(normal!))];
  },
};

function describe(spread: keyof typeof SPREADS, delays: readonly number[]): Found {
  const { deviation: wanted, below } = SPREADS[spread];
  const [apart, most] = [distance(delays, below), mostDistance(delays.length)];
  return {
    asked: `delay ${DELAY} ms, jitter ${BY} ms, ${spread}, ${delays.length} frames`,
    found: `mean ${ms(mean(delays))}, standard deviation ${ms(deviation(delays))} (${ms(wanted)} asked); distance of the distributions ${apart.toFixed(3)}`,
    goal: `distance at most ${most.toFixed(3)} (Kolmogorov and Smirnov, 99.9 %)`,
    met: apart <= most,
  };
}

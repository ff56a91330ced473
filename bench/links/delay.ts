/** Delays, with 1,000 datagrams a second each way at once: how much later than asked both hosts' kernels see them. */
import type { Found, Row } from './row.ts';
import { quantile } from './statistics.ts';
import type { Seen, Track } from './track.ts';

const COUNT = 10_000;

export const delay: Row = {
  name: 'delay',
  async measure(track, share) {
    const found: Found[] = [];
    for (const asked of [1, 20, 200]) found.push(await one(track, asked, Math.round(COUNT * share)));
    return found;
  },
};

async function one(track: Track, asked: number, count: number): Promise<Found> {
  await using _ = await track.fault({ delay: `${asked}ms`, on: ['alice', 'bob'] });
  const both = await track.watch([
    { from: 'alice', to: 'bob', rate: 1000, count },
    { from: 'bob', to: 'alice', rate: 1000, count },
  ]);
  const late = both.flatMap((seen) => delaysOf(seen).map((delay) => delay - asked));
  if (late.length !== 2 * count) throw new Error(`${late.length} of ${2 * count} frames came`);
  const within = late.filter((value) => value <= 1).length / late.length;
  const [middle, most] = [quantile(late, 0.5), quantile(late, 1)];
  const early = late.filter((value) => value < 0).length;
  return {
    asked: `delay ${asked} ms`,
    found: `later by ${ms(middle)} at the median, ${ms(quantile(late, 0.99))} at 99 %, ${ms(most)} at most; ${(within * 100).toFixed(2)} % within 1 ms; ${early} too early`,
    goal: 'median within 0.5 ms, 99 % within 1 ms, none too early',
    met: middle <= 0.5 && within >= 0.99 && early === 0,
  };
}

/** Of those that came, each one's. */
export function delaysOf({ sent, came }: Seen): number[] {
  return came.flatMap(({ number, at }) => (sent.has(number) ? [at - sent.get(number)!] : []));
}

export function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(3)} ms`;
}

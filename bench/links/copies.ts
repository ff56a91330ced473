/** Frames that come twice, behind the next one, or with a bit turned. */
import { thousands } from './loss.ts';
import type { Found, Row } from './row.ts';
import { interval } from './statistics.ts';
import type { Seen } from './track.ts';

const COUNT = 20_000;
const ON = { from: 'alice', to: 'bob' } as const;

const KINDS: Record<string, { count: (seen: Seen) => number; say: string; arrive: (seen: Seen) => number }> =
  {
    duplicate: {
      count: ({ came }) => came.length - new Set(came.map(({ number }) => number)).size,
      say: 'came twice',
      arrive: ({ came }) => new Set(came.map(({ number }) => number)).size,
    },
    reorder: { count: overtaken, say: 'came behind a later one', arrive: ({ came }) => came.length },
    corrupt: {
      count: ({ came }) => came.filter(({ whole }) => !whole).length,
      say: 'came with a bit turned',
      arrive: ({ came }) => came.length,
    },
  };

export const copies: Row = {
  name: 'copies',
  async measure(track, share) {
    const found: Found[] = [];
    const sent = Math.round(COUNT * share);
    for (const [word, { count, say, arrive }] of Object.entries(KINDS)) {
      await using _ = await track.fault({ [word]: '10%', on: ON, seed: 1 });
      const [seen] = await track.watch([{ ...ON, rate: 5000, count: sent }]);
      const counted = count(seen!);
      const [least, most] = interval(sent, 0.1);
      const all = arrive(seen!);
      found.push({
        asked: `${word} 10 %, ${thousands(sent)} frames`,
        found: `${thousands(counted)} ${say}; ${all === sent ? 'none is missing' : `${sent - all} are missing`}`,
        goal: `${thousands(least)} to ${thousands(most)} (binomial, 99.9 %)`,
        met: counted >= least && counted <= most && all === sent,
      });
    }
    return found;
  },
};

/** Those that a frame with a higher number came before. */
function overtaken({ came }: Seen): number {
  let [highest, count] = [0, 0];
  for (const { number } of came) {
    if (number < highest) count += 1;
    highest = Math.max(highest, number);
  }
  return count;
}

/** What a fault is not for is not touched: the other direction, other ports, other hosts. */
import { delaysOf, ms } from './delay.ts';
import { thousands } from './loss.ts';
import type { Row } from './row.ts';
import { quantile } from './statistics.ts';
import { PORT } from './track.ts';

const COUNT = 5000;

export const apart: Row = {
  name: 'apart',
  async measure(track, share) {
    const count = Math.round(COUNT * share);
    const flow = { rate: 1000, count };
    const gone = { from: 'alice', to: 'bob' } as const;
    await using _lost = await track.fault({ loss: '100%', on: gone, only: `udp alice > bob:${PORT}` });
    const others = [
      { from: 'alice', to: 'bob', port: PORT + 2 },
      { from: 'bob', to: 'alice', port: PORT },
      { from: 'carol', to: 'bob', port: PORT + 3 },
    ] as const;
    const [its, ...theirs] = await track.watch([
      { ...gone, ...flow },
      ...others.map((one) => ({ ...one, ...flow })),
    ]);
    const came = theirs.reduce((sum, { came }) => sum + came.length, 0);
    await using _slow = await track.fault({ delay: '200ms', on: gone });
    const [back] = await track.watch([{ from: 'bob', to: 'alice', ...flow }]);
    const way = quantile(delaysOf(back!), 0.5);
    return [
      {
        asked: 'loss 100 % of one UDP port, one way',
        found: `${thousands(its!.came.length)} of ${thousands(count)} of these came; of another port, the other direction and a third host ${thousands(came)} of ${thousands(3 * count)}`,
        goal: 'none of these, all of the others',
        met: its!.came.length === 0 && came === 3 * count,
      },
      {
        asked: 'delay 200 ms one way, seen the other way',
        found: `${thousands(back!.came.length)} of ${thousands(count)} came, in ${ms(way)} at the median`,
        goal: 'all, in less than 1 ms',
        met: back!.came.length === count && way < 1,
      },
    ];
  },
};

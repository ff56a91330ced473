/** The clocks of two machines in one sentence: how far they are apart, and how wrong that may be. */
import { oneLine } from './printable.ts';
import type { RunReport } from './schema.ts';

type Pair = NonNullable<RunReport['clocks']>[number];

/** `b is 5000.021 ms ahead of a, to within 0.085 ms` */
export function clocksText({ machines: [one, other], ahead, uncertainty }: Pair): string {
  const [first, second] = ahead < 0 ? [one, other] : [other, one];
  const apart = `${first} is ${Math.abs(ahead).toFixed(3)} ms ahead of ${second}`;
  return `${oneLine(apart)}, to within ${uncertainty.toFixed(3)} ms`;
}

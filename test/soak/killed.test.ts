/** The command killed at fifty random moments of a run, on each engine: nothing is left. */
import { setTimeout as pause } from 'node:timers/promises';
import { killedAt, type Moment, type Whole } from '../leavings/kills.ts';

const TIMES = 50;

/** Spread over a whole run, the same in every run of the test: a linear congruence. */
function atRandom({ took }: Whole): Moment[] {
  let state = 20_261_120;
  return Array.from({ length: TIMES }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const moment = (state / 2 ** 31) * took;
    return () => pause(moment); // The moment is what is tested.
  });
}

await killedAt(`${TIMES} times`, atRandom);

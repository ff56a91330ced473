/** Two labs with the same subnet: the second is refused, or waits for the first. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine, LiveNetwork, UpOptions } from '../engines/engine.ts';
import { SubnetTaken } from '../errors.ts';
import type { Plan } from '../model/planned.ts';

/** Milliseconds between two tries, at most: labs that wait for one another do not try in step. */
const ASKS_EVERY = 1_000;

/** The engine's `up`; with `onConflict: wait` it is tried again while another lab has one of the subnets. */
export async function upWhenFree(plan: Plan, engine: Engine, options: UpOptions): Promise<LiveNetwork> {
  for (;;) {
    try {
      return await engine.up(plan, options);
    } catch (error) {
      // A network that is not a lab's (the machine's own, another one of Docker) will not go away by itself.
      if (options.onConflict !== 'wait' || !(error instanceof SubnetTaken) || !error.rival) throw error;
      options.progress(`waiting for ${error.rival}: ${error.message}`);
      await pause(ASKS_EVERY * (0.2 + 0.8 * Math.random()), undefined, { signal: options.signal }).catch(
        () => {},
      );
      options.signal.throwIfAborted();
    }
  }
}

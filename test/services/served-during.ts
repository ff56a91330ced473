/** Whether a good client of a program is served while the program is attacked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

export interface Good {
  /** Is served once; returns how many milliseconds it took. */
  serves(): Promise<number>;
}

/** A good client is served again and again until the attack is over, and as a rule within a second on a machine that others use. */
export async function servedDuring(good: Good, attack: Promise<unknown>): Promise<void> {
  let over = false;
  const ended = attack.finally(() => {
    over = true;
  });
  const took: number[] = [];
  while (!over) {
    took.push(await good.serves());
    await sleep(20);
  }
  await ended;
  const [median = 0, worst = 0] = [took.sort((a, b) => a - b)[took.length >> 1], took.at(-1)];
  console.info(
    `served ${took.length} times, in ${median.toFixed(0)} ms at the median, ${worst.toFixed(0)} at most`,
  );
  expect(median).toBeLessThan(1000);
}

/**
 * Does the work for every item, at most so many at a time. After the first failure or an abort nothing new is
 * begun, and this waits for work that is under way: when it throws, nothing more will be made.
 */
import { LabError } from '../errors.ts';

export async function sideBySide<T, R>(
  items: Iterable<T>,
  most: number,
  work: (item: T) => Promise<R>,
  signal?: AbortSignal,
): Promise<R[]> {
  const queue = [...items].map((item, index) => ({ item, index }));
  const results: R[] = [];
  const failures: unknown[] = [];
  const lane = async () => {
    while (failures.length === 0 && !signal?.aborted) {
      const next = queue.shift();
      if (!next) return;
      try {
        results[next.index] = await work(next.item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, queue.length) }, lane));
  if (signal?.aborted) throw interrupted();
  if (failures.length > 0) throw failures[0];
  return results;
}

export function interrupted(): LabError {
  return new LabError('interrupted', 'interrupted');
}

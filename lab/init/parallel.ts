/** Many pieces of work, a few at a time: as many as keep every core of the machine busy. */
import { availableParallelism } from 'node:os';

/** Rejects with the first error, when no work is under way any more. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed: { error: unknown } | undefined;
  const lane = async () => {
    while (next < items.length && !failed) {
      try {
        await work(items[next++]!);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane));
  if (failed) throw failed.error;
}

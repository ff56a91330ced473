/** Tests that need something this machine may lack: skipped with the reason, or failed where it is required. */
import { describe, test } from 'vitest';

/**
 * `lacking` says what is missing and how to get it; undefined where nothing is. `LANLAB_REQUIRE` lists, with
 * commas, the needs whose lack is a failure.
 */
export function describeNeeding(
  need: string,
  lacking: string | undefined,
  title: string,
  body: () => void,
): void {
  if (lacking === undefined) {
    describe(title, body);
  } else if ((process.env.LANLAB_REQUIRE ?? '').split(',').includes(need)) {
    test(title, () => {
      throw new Error(`${need} is required and missing: ${lacking}`);
    });
  } else {
    console.warn(`skipped: ${title}: ${lacking}`);
    test.skip(`${title} (${lacking})`, () => {});
  }
}

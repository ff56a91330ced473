/** Tests that need something this machine may lack: skipped with the reason, or failed where it is required. */
import { describe, test } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test that stands for a part is skipped. */
    leftOut?: { need: string; lacking: string };
  }
}

/**
 * `lacking` says what is missing and how to get it; undefined where nothing is. `LANLAB_REQUIRE` lists, with
 * commas, the needs whose lack is a failure. What is skipped is said at the end of the run (left-out.ts).
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
    test.skip(`${title} (${lacking})`, { meta: { leftOut: { need, lacking } } }, () => {});
  }
}

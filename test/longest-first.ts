/**
 * The order in which test files begin. A file that only names an engine for a contract is short and takes long, and vitest,
 * which knows no times on a new machine, would begin with large files and end with those, one worker waiting for the other.
 */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where hosts come up: first what took longest (`.ci/run` says what does). */
const LONGEST = [
  'test/compose.test.ts',
  'test/every-scenario/',
  'test/cli/up.test.ts',
  'test/causes/netns.test.ts',
  'test/docs/examples.test.ts',
  'test/strangers/',
  'test/learners/',
  'test/leavings/',
  'test/engines/',
  'test/serving/',
  'test/topology/',
  'test/captures/',
  'test/faults/',
  'test/api/',
  'test/cli/',
];

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = this.ctx.config.root;
    const rank = ({ moduleId }: TestSpecification) => {
      const path = relative(root, moduleId);
      const found = LONGEST.findIndex((start) => path.startsWith(start));
      return found < 0 ? LONGEST.length : found;
    };
    // Within a rank as vitest has them: by the times of the last run here, or by size.
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

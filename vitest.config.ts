import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Every scenario's own addresses on Docker, which has a subnet once. */
const IN_TURN = ['test/every-scenario/{docker,compose}.test.ts'];

export default defineConfig({
  // As a user of the package writes it: `import { lab } from 'lanlab'`, from the sources.
  resolve: {
    alias: [
      { find: /^lanlab\/vitest$/, replacement: source('lab/matchers.ts') },
      { find: /^lanlab$/, replacement: source('lab/index.ts') },
    ],
  },
  test: {
    reporters: ['default', './test/progress.ts', './test/left-out.ts'],
    testTimeout: 60_000,
    // Of tests that are side by side in one file.
    maxConcurrency: 3,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'beside',
          include: ['test/**/*.test.ts'],
          exclude: [
            ...IN_TURN,
            // Tests that nobody may be beside: they have their own call in .ci/run.
            ...(process.env.LANLAB_EXCLUSIVE ? [] : ['test/exclusive/**']),
            // Tests of many minutes: `npm run soak`.
            ...(process.env.LANLAB_SOAK ? [] : ['test/soak/**']),
          ],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'in turn', include: IN_TURN, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

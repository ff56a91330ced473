import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import LongestFirst from './test/longest-first.ts';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Folders whose tests leave nothing behind in their process, so that their files can share one. */
const FUNCTIONS = `bench claims clocks expectations outcomes patterns reports scenario wire`
  .split(' ')
  .map((folder) => `test/${folder}/**/*.test.ts`);

const elsewhere = [
  ...configDefaults.exclude,
  // Tests that nobody may be beside: they have their own call in .ci/run.
  ...(process.env.LANLAB_EXCLUSIVE ? [] : ['test/exclusive/**']),
  // Tests that need several machines: scripts/swarm-nodes.sh.
  ...(process.env.LANLAB_SWARM ? [] : ['test/swarm/**']),
  // Tests of many minutes: `npm run soak`.
  ...(process.env.LANLAB_SOAK ? [] : ['test/soak/**']),
];

export default defineConfig({
  // As a user of the package writes it: `import { lab } from 'lanlab'`, from the sources.
  resolve: {
    alias: [
      { find: /^lanlab\/vitest$/, replacement: source('lab/matchers.ts') },
      { find: /^lanlab$/, replacement: source('lab/index.ts') },
    ],
  },
  test: {
    projects: [
      // A process for each file takes a third of the time of small ones.
      { extends: true, test: { name: 'functions', include: FUNCTIONS, isolate: false } },
      {
        extends: true,
        test: { name: 'all others', include: ['test/**/*.test.ts'], exclude: [...elsewhere, ...FUNCTIONS] },
      },
    ],
    reporters: ['default', './test/progress.ts', './test/left-out.ts'],
    // Files are beside each other, each with subnets of its own; who wants another's waits for it.
    sequence: { sequencer: LongestFirst },
    // vitest leaves one core to itself, which of two is half. Beyond eight, labs on one Docker Engine wait for each other.
    maxWorkers: Math.min(Math.max(availableParallelism(), 2), 8),
    // Limits are for what hangs: a machine that has too much to do is slow.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    // Of tests that are side by side in one file.
    maxConcurrency: 3,
  },
});

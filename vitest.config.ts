import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // As a user of the package writes it: `import { lab } from 'lanlab'`, from the sources.
  resolve: {
    alias: [
      { find: /^lanlab\/vitest$/, replacement: source('lab/matchers.ts') },
      { find: /^lanlab$/, replacement: source('lab/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      // Tests that nobody may be beside: they have their own call in .ci/run.
      ...(process.env.LANLAB_EXCLUSIVE ? [] : ['test/exclusive/**']),
      // Tests of many minutes: `npm run soak`.
      ...(process.env.LANLAB_SOAK ? [] : ['test/soak/**']),
    ],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { referencePage } from '../../lab/cli/reference.ts';

test('docs/reference.md says what the tables say (npm run docs renews it)', () => {
  const written = readFileSync(join(import.meta.dirname, '../../docs/reference.md'), 'utf8');
  expect(written).toBe(referencePage());
});

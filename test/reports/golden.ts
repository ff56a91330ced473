/** Texts that a person has read and found right. UPDATE_GOLDEN=1 writes them anew; read what changed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

export function expectGolden(name: string, found: string): void {
  const file = join(import.meta.dirname, 'golden', name);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, found);
  expect(found).toBe(readFileSync(file, 'utf8'));
}

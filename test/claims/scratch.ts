/** A folder for a test file, gone when it is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-claims-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

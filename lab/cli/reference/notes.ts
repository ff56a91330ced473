/** The text that a person has written for a page of the reference: notes/NAME.md. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'notes');

/** None where there is nothing to add. */
export function notesOn(name: string): string[] {
  const file = join(FOLDER, `${name}.md`);
  return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
}

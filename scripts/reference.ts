/** `npm run docs`: writes docs/reference.md from the tables. */
import { writeFile } from 'node:fs/promises';
import { referencePage } from '../lab/cli/reference.ts';

await writeFile(new URL('../docs/reference.md', import.meta.url), referencePage());

/** `npm run docs`: writes what is made from the tables: the reference page, and the schema that editors read. */
import { writeFile } from 'node:fs/promises';
import { referencePage } from '../lab/cli/reference.ts';
import { schemaFile } from '../lab/cli/schema.ts';

await writeFile(new URL('../docs/reference.md', import.meta.url), referencePage());
await writeFile(new URL('../scenarios/scenario.schema.json', import.meta.url), schemaFile());

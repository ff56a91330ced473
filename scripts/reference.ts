/** `npm run docs`: writes what is made: the reference, the schema that editors read, the README's picture. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { claimsDocument } from '../lab/cli/claims.ts';
import { ladderPicture } from '../lab/cli/ladder.ts';
import { referencePages } from '../lab/cli/reference.ts';
import { schemaFile } from '../lab/cli/schema.ts';

const docs = new URL('../docs/', import.meta.url);
await rm(new URL('reference/', docs), { recursive: true, force: true });
await mkdir(new URL('reference/', docs));
for (const [path, text] of referencePages()) await writeFile(new URL(path, docs), text);
await writeFile(new URL('../scenarios/scenario.schema.json', import.meta.url), schemaFile());

await writeFile(new URL('../docs/claims.md', import.meta.url), await claimsDocument());

// Captured by a run of scenarios/04-handshake.yaml: its first three steps, at both hosts.
const talk = fileURLToPath(new URL('../test/captures/handshake.pcapng', import.meta.url));
const title = 'A TCP connection, from the first question to TIME-WAIT';
await writeFile(new URL('../docs/ladder.svg', import.meta.url), await ladderPicture(talk, title));

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { claimsDocument } from '../../lab/cli/claims.ts';
import { ladderPicture } from '../../lab/cli/ladder.ts';
import { referencePage } from '../../lab/cli/reference.ts';
import { schemaFile } from '../../lab/cli/schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const written = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const scenarios = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));

test('docs/reference.md says what the tables say (npm run docs renews it)', () => {
  expect(written('docs/reference.md')).toBe(referencePage());
});

test('scenarios/scenario.schema.json is what lanlab schema prints (npm run docs renews it)', () => {
  expect(written('scenarios/scenario.schema.json')).toBe(schemaFile());
});

test('docs/claims.md says which steps of the scenarios show which claims (npm run docs renews it)', async () => {
  expect(written('docs/claims.md')).toBe(await claimsDocument());
});

test('docs/ladder.svg is drawn from the capture beside the tests (npm run docs renews it)', async () => {
  const title = 'A TCP connection, from the first question to TIME-WAIT';
  expect(written('docs/ladder.svg')).toBe(
    await ladderPicture(join(ROOT, 'test/captures/handshake.pcapng'), title),
  );
});

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const matches = ajv.compile(JSON.parse(schemaFile()));
const troubles = (text: string) => (matches(parse(text)) ? [] : matches.errors);

test.each(scenarios)('%s names the schema, and is right by it', (name) => {
  const text = written(`scenarios/${name}`);
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=scenario.schema.json');
  expect(troubles(text)).toEqual([]);
});

test.each([
  ['a mistyped key', 'lab: aa\nnetwroks: {}\nhosts: {}\n'],
  [
    'a mistyped step',
    'lab: aa\nnetworks: { nn: 10.0.0.0/24 }\nhosts: {}\nsteps: [{ at: alice, tpc: { to: "a:1" } }]\n',
  ],
  [
    'a time without a unit',
    'lab: aa\nnetworks: {}\nhosts: {}\nsteps: [{ at: alice, tcp: { to: "a:1", give_up: 2 } }]\n',
  ],
])('the schema refuses %s', (_, text) => {
  expect(troubles(text)).not.toEqual([]);
});

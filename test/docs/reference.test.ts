/** What `npm run docs` makes is as the tables say, complete, and right by the schema. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { failure } from '../../lab/agent/failures.ts';
import { FAILURE_KINDS } from '../../lab/agent/protocol.ts';
import { claimsDocument } from '../../lab/cli/claims.ts';
import { ladderPicture } from '../../lab/cli/ladder.ts';
import { type Json, jsonOf, type Row, rowsOf } from '../../lab/cli/reference/form.ts';
import { referencePages, tablesOf } from '../../lab/cli/reference.ts';
import { schemaFile } from '../../lab/cli/schema.ts';
import { TCP_STATES } from '../../lab/expectations/sockets/line.ts';
import { icmpv6WordList, icmpWordList } from '../../lab/wire/icmp-words.ts';
import { FIELDS, PROTOCOLS } from '../../lab/wire/lines/line.ts';
import { readPage, rowsUnder } from './page.ts';

const ROOT = join(import.meta.dirname, '../..');
const written = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const scenarios = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));

describe('the reference (npm run docs renews it)', () => {
  const pages = referencePages();

  test.each([...pages])('docs/%s says what the tables say', (path, text) => {
    expect(written(`docs/${path}`)).toBe(text);
  });

  test('has no page of a word that is no more', () => {
    const there = readdirSync(join(ROOT, 'docs/reference')).map((name) => `reference/${name}`);
    expect(there.filter((path) => !pages.has(path))).toEqual([]);
  });

  const { steps, faults, expectations, control, scenario } = tablesOf();
  const words = [...steps, ...faults, ...expectations].map(
    ({ word, schema }) => [word, jsonOf(schema)] as const,
  );
  const actions = steps.flatMap(({ word, action }) =>
    action ? [[`do of ${word}`, jsonOf(action)] as const] : [],
  );
  const all: (readonly [string, Json])[] = [
    ['a scenario', scenario],
    ...words,
    ...actions,
    ['control', jsonOf(control)],
    ['a network', scenario.properties!.networks!.additionalProperties as Json],
    ['a host', scenario.properties!.hosts!.additionalProperties as Json],
  ];

  test.each(all)('describes every key of %s in whole sentences', (_, json) => {
    const bare = rowsOf(json).filter(({ value }) => !/[.)]$/.test(value.description ?? ''));
    expect(bare.map(({ key }) => key)).toEqual([]);
  });

  test('explains each way to fail, with the errors of the kernel', () => {
    const rows = rowsUnder(readPage('docs/reference/fails.md'), 'The values');
    const kinds = FAILURE_KINDS.filter((kind) => kind !== 'other');
    expect(rows.map(([kind]) => kind)).toEqual(kinds.map((kind) => `\`${kind}\``));
    const kindOf = (code: string) => failure(Object.assign(new Error(code), { code }), 'connect', 0).kind;
    const wrong = rows.flatMap(([kind, errors]) =>
      (errors!.match(/E[A-Z]+/g) ?? []).filter((code) => `\`${kindOf(code)}\`` !== kind),
    );
    expect(wrong).toEqual([]);
  });

  test('explains each protocol and each field of a line of wire, and lists each message', () => {
    const page = readPage('docs/reference/wire.md');
    const named = (heading: string, column = 0) =>
      rowsUnder(page, heading).flatMap((row) =>
        [...row[column]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
      );
    expect(named('Lines', 1)).toEqual(expect.arrayContaining([...PROTOCOLS]));
    expect(named('Fields').sort()).toEqual([...FIELDS].sort());
    expect(named('Messages of ICMP')).toEqual(icmpWordList);
    expect(named('Messages of ICMPv6')).toEqual(icmpv6WordList);
  });

  test('names each state of a TCP socket', () => {
    const { prose } = readPage('docs/reference/sockets.md');
    expect(TCP_STATES.filter((state) => !prose.includes(`\`${state}\``))).toEqual([]);
  });

  test('explains each kind of value that has a name', () => {
    const kinds = new Set(all.flatMap(([, json]) => rowsOf(json).flatMap(titlesIn)));
    expect(kinds.size).toBeGreaterThan(5);
    const page = pages.get('reference.md')!;
    expect([...kinds].filter((kind) => !page.includes(`\n| ${kind} | `))).toEqual([]);
  });
});

/** Names of values anywhere in what a key takes. */
function titlesIn({ value }: Row): string[] {
  return [...JSON.stringify(value).matchAll(/"title":"([^"]+)"/g)].map(([, title]) => title!);
}

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

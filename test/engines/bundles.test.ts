/** Bundles are made when their sources change, once, and whole. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundled, upToDate } from '../../lab/engines/bundles/bundled.ts';
import { type BundleName, ENTRIES, EXTERNAL } from '../../lab/engines/bundles/entries.ts';

let cache: string;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'lanlab-bundles-'));
});
afterAll(() => rm(cache, { recursive: true, force: true }));

const NAMES = Object.keys(ENTRIES) as BundleName[];
const states = async () => (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));

test('bundles made by many at once are one folder, readable by anyone, and nothing lies beside it', async () => {
  const folders = await Promise.all([upToDate(cache), upToDate(cache), upToDate(cache)]);
  expect(new Set(folders).size).toBe(1);
  expect(await readdir(cache)).toEqual((await states()).concat('inputs.json').sort());
  expect((await stat(folders[0]!)).mode & 0o777).toBe(0o755);
});

test('bundles are made again only when what is in them has changed', async () => {
  const first = await upToDate(cache);
  const made = (await stat(join(first, 'agent.mjs'))).mtimeMs;
  expect(await upToDate(cache)).toBe(first);
  expect((await stat(join(first, 'agent.mjs'))).mtimeMs).toBe(made);
  // A list that lacks a file is what the sources were like before they had it.
  const list = join(cache, 'inputs.json');
  const [, ...fewer] = JSON.parse(await readFile(list, 'utf8')) as string[];
  await writeFile(list, JSON.stringify(fewer));
  await rm(first, { recursive: true });
  expect(await upToDate(cache)).toBe(first);
  expect((await stat(join(first, 'agent.mjs'))).mtimeMs).toBeGreaterThan(made);
});

test.each(NAMES)('the bundle of %s needs nothing beside it but what brings machine code', async (name) => {
  const text = await readFile(await bundled(name), 'utf8');
  const imports = [...text.matchAll(/^import\b.*?\bfrom "(.*)";$/gm)].map(([, from]) => from!);
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter((from) => !from.startsWith('node:') && !EXTERNAL.includes(from))).toEqual([]);
});

test('an error in a bundle names the function and the file it is from', async () => {
  const text = await readFile(await bundled('tcp-echo'), 'utf8');
  expect(text).toContain('// services/serve.ts');
  expect(text).toMatch(/^async function serve\(/m);
});

test('a program runs from its bundle alone, in an empty folder', async () => {
  const child = spawn(process.execPath, [await bundled('tcp-echo')], {
    cwd: dirname(cache),
    env: { PORT_ECHO: '0', PORT_CAPITALS: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString()).toContain('"event":"ready"');
  child.kill();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

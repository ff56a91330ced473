/**
 * `npm run bench:labs`: what labs cost, each row against somebody else and in turn, as ratios with their limits.
 *
 *   --only NAME         this row; may be given again             --list       the rows, and what each lacks here
 *   --json FILE         keeps the results; rows that are not measured again stay
 *   --write FILE        makes the page from the results           --from FILE  measures nothing, only makes the page
 *   --gate              ends with 1 where a limit is not met      --stop-docker  stops Docker for the rows on netns
 *   --times N           turns of each row instead of its own      --scale X    fewer hosts, for trying the bench itself
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Commands } from './labs/commands.ts';
import { dockerAside } from './labs/docker-aside.ts';
import { commit, machine } from './labs/machine.ts';
import { measure } from './labs/measure.ts';
import { page } from './labs/page.ts';
import { merged, type Result, type Results, readResults, verdict, writeResults } from './labs/results.ts';
import type { Row, Setting } from './labs/row.ts';
import { ROWS } from './labs/rows.ts';
import { lines } from './labs/table.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    list: { type: 'boolean', default: false },
    json: { type: 'string' },
    write: { type: 'string' },
    from: { type: 'string' },
    gate: { type: 'boolean', default: false },
    'stop-docker': { type: 'boolean', default: false },
    times: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
});

const NAMES = ROWS.map(({ name }) => name);
const print = (line: string) => void process.stdout.write(`${line}\n`);

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => ending.abort(new Error(`ended by ${signal}`)));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = ending.signal.aborted ? 130 : 2;
}

async function main(): Promise<void> {
  const rows = chosen(options.only);
  if (options.from !== undefined) {
    const results = await readResults(options.from);
    if (!results) throw new Error(`no such file: ${options.from}`);
    return writePage(results);
  }
  const folder = await mkdtemp(join(tmpdir(), 'lanlab-bench-'));
  try {
    const setting = settingIn(folder);
    if (options.list) return await list(rows, setting);
    const results = await measureAll(rows, setting);
    await writePage(results);
    const notMet = results.rows.some((row) => NAMES.includes(row.name) && verdict(row) === 'not met');
    if (options.gate && notMet) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function chosen(only: readonly string[] | undefined): readonly Row[] {
  const unknown = only?.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`no row \`${unknown}\`; allowed: ${NAMES.join(', ')}`);
  return only ? ROWS.filter(({ name }) => only.includes(name)) : ROWS;
}

function settingIn(folder: string): Setting {
  const scale = positive('scale', options.scale);
  return {
    folder,
    // Its labs are nobody else's: `down --all` takes down these alone.
    commands: new Commands(ending.signal, {
      ...process.env,
      LANLAB_STATE: join(folder, 'state'),
      NO_COLOR: '1',
    }),
    scale,
    ...(options.times !== undefined && { times: positive('times', options.times) }),
    say: (line) => void process.stderr.write(`  ${line}\n`),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} is a number above 0, not \`${text}\``);
  return number;
}

async function list(rows: readonly Row[], setting: Setting): Promise<void> {
  for (const row of rows) {
    const why = await row.lacking(setting);
    print(`${row.name.padEnd(16)}${row.what(setting)}${why === undefined ? '' : ` (left out: ${why})`}`);
  }
}

/** Results are kept after each row: a bench that is ended has what it measured. */
async function measureAll(rows: readonly Row[], setting: Setting): Promise<Results> {
  const [facts, at] = [await machine(setting.commands), await commit(setting.commands)];
  const before = options.json === undefined ? undefined : await readResults(options.json);
  let results: Results = { version: 1, machine: facts, rows: [] };
  await using docker = await dockerAside(setting, options['stop-docker']);
  for (const row of rows) {
    await docker.have(row.docker);
    const result: Result = await measure(row, setting, at);
    print(lines(result).join('\n'));
    results = { ...results, rows: [...results.rows, result] };
    if (options.json !== undefined) await writeResults(options.json, merged(before, results, NAMES));
  }
  return merged(before, results, NAMES);
}

async function writePage(results: Results): Promise<void> {
  if (options.write === undefined) return;
  const before = await readFile(options.write, 'utf8').catch(() => '');
  await writeFile(options.write, page(results, before));
}

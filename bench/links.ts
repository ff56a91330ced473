/**
 * `npm run bench:links`: how exact links and their faults are, asked and measured between two hosts of a lab, on each engine
 * that this machine has.
 *
 *   --only NAME      this row; may be given again        --engine NAME    netns or docker; may be given again
 *   --json FILE      keeps the results; rows that are not measured again stay
 *   --write FILE     renews the tables of the page       --from FILE      measures nothing, only renews the tables
 *   --quick          a tenth of the frames: whether all of it works, and nothing to be kept
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { dockerEngine } from '../lab/engines/docker/index.ts';
import type { Engine } from '../lab/engines/engine.ts';
import { netnsEngine } from '../lab/engines/netns/engine.ts';
import { Commands } from './labs/commands.ts';
import { commit, machine } from './labs/machine.ts';
import { apart } from './links/apart.ts';
import { carry } from './links/carry.ts';
import { copies } from './links/copies.ts';
import { delay } from './links/delay.ts';
import { jitter } from './links/jitter.ts';
import { loss } from './links/loss.ts';
import {
  merged,
  type Result,
  type Results,
  readResults,
  renewed,
  tableOf,
  type Way,
  writeResults,
} from './links/page.ts';
import { rate } from './links/rate.ts';
import type { Found, Row } from './links/row.ts';
import { Track } from './links/track.ts';

const ROWS = [delay, jitter, loss, copies, rate, apart, carry];
const NAMES = ROWS.map(({ name }) => name);
const ENGINES = { netns: netnsEngine, docker: dockerEngine };
type Name = keyof typeof ENGINES;
const QUICK = 0.1;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    json: { type: 'string' },
    write: { type: 'string' },
    from: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
if (options.quick && (options.json ?? options.write) !== undefined)
  throw new Error('a quick run is no measurement: leave out --json and --write');

const results = options.from === undefined ? await measureAll() : await readResults(options.from);
if (!results) throw new Error(`no such file: ${options.from}`);
if (options.write !== undefined)
  await writeFile(options.write, renewed(await readFile(options.write, 'utf8'), results));

async function measureAll(): Promise<Results> {
  const { only, json } = options;
  const rows = ROWS.filter(({ name }) => !only || only.includes(name));
  const unknown = only?.find((one) => !NAMES.includes(one));
  if (unknown !== undefined) throw new Error(`no row \`${unknown}\`; allowed: ${NAMES.join(', ')}`);
  const commands = new Commands(new AbortController().signal, process.env);
  const at = { commit: await commit(commands), when: new Date().toISOString() };
  let all: Results = { machine: await machine(commands), rows: [] };
  const kept = json === undefined ? undefined : await readResults(json);
  for (const { engine, way } of await ways())
    for (const row of rows) {
      const result = { engine: way, ...at, ...(await measured(row, engine)) };
      all = { ...all, rows: [...all.rows, result] };
      const { load } = result;
      process.stdout.write(`${way}\n${tableOf([result])}\nThe load before it was ${load.toFixed(1)}.\n\n`);
      if (json !== undefined) await writeResults(json, merged(kept, all, NAMES));
    }
  return merged(kept, all, NAMES);
}

/** Of the engines that were asked for, else of all, those that answer; one that was asked for has to. */
async function ways(): Promise<{ engine: Engine; way: Way }[]> {
  const names = options.engine ?? Object.keys(ENGINES);
  const found: { engine: Engine; way: Way }[] = [];
  for (const name of names) {
    if (!(name in ENGINES))
      throw new Error(`no engine \`${name}\`; allowed: ${Object.keys(ENGINES).join(', ')}`);
    const engine = ENGINES[name as Name]();
    const { lacking } = await engine.probe();
    const root = process.getuid?.() === 0;
    if (!lacking) found.push({ engine, way: name === 'netns' && !root ? 'netns, rootless' : (name as Name) });
    else if (options.engine) throw new Error(`${name} cannot be measured: ${lacking.why}; ${lacking.hint}`);
    else process.stderr.write(`${name} is left out: ${lacking.why}\n`);
  }
  return found;
}

/** Each has a lab of its own: a cable that was opened stays so. */
async function measured(row: Row, engine: Engine): Promise<Pick<Result, 'name' | 'load' | 'found'>> {
  await using track = await Track.on(engine);
  const load = loadavg()[0]!;
  const found: Found[] = await row.measure(track, options.quick ? QUICK : 1);
  const missed = await track.missed();
  // What a cable can carry is found by asking for more.
  if (missed > 0 && row !== carry)
    found.push({
      asked: `frames of ${row.name}`,
      found: `${missed} missed by the cable`,
      goal: 'none',
      met: false,
    });
  return { name: row.name, load, found };
}

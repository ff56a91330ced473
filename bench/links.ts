/**
 * `npm run bench:links`: how exact links and their faults are, asked and measured between two hosts of a lab.
 *
 *   --only NAME      this row; may be given again        --engine NAME    netns (the default) or docker
 *   --json FILE      keeps the results; rows that are not measured anew stay
 *   --write FILE     renews the table of the page        --from FILE      measures nothing, only renews the table
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { dockerEngine } from '../lab/engines/docker/index.ts';
import { netnsEngine } from '../lab/engines/netns/engine.ts';
import { Commands } from './labs/commands.ts';
import { commit, machine } from './labs/machine.ts';
import { apart } from './links/apart.ts';
import { carry } from './links/carry.ts';
import { copies } from './links/copies.ts';
import { delay } from './links/delay.ts';
import { jitter } from './links/jitter.ts';
import { loss } from './links/loss.ts';
import { merged, type Results, readResults, renewed, tableOf, writeResults } from './links/page.ts';
import { rate } from './links/rate.ts';
import { Track } from './links/track.ts';

const ROWS = [delay, jitter, loss, copies, rate, apart, carry];
const ENGINES = { netns: netnsEngine, docker: dockerEngine };

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    engine: { type: 'string', default: 'netns' },
    json: { type: 'string' },
    write: { type: 'string' },
    from: { type: 'string' },
  },
});

const results = options.from === undefined ? await measureAll() : await readResults(options.from);
if (!results) throw new Error(`no such file: ${options.from}`);
if (options.write !== undefined)
  await writeFile(options.write, renewed(await readFile(options.write, 'utf8'), results));

async function measureAll(): Promise<Results> {
  const { engine: name, only, json } = options;
  if (name !== 'netns' && name !== 'docker') throw new Error(`no engine \`${name}\`; allowed: netns, docker`);
  const unknown = only?.find((one) => !ROWS.some((row) => row.name === one));
  if (unknown !== undefined)
    throw new Error(`no row \`${unknown}\`; allowed: ${ROWS.map((row) => row.name).join(', ')}`);
  const commands = new Commands(new AbortController().signal, process.env);
  const at = { commit: await commit(commands), when: new Date().toISOString() };
  let all: Results = { machine: await machine(commands), rows: [] };
  const before = json === undefined ? undefined : await readResults(json);
  await using track = await Track.on(ENGINES[name]());
  for (const row of ROWS.filter((row) => !only || only.includes(row.name))) {
    const load = loadavg()[0]!;
    const result = { name: row.name, engine: name, load, ...at, found: await row.measure(track) };
    all = { ...all, rows: [...all.rows, result] };
    process.stdout.write(`${tableOf([result])}\nThe load before it was ${load.toFixed(1)}.\n\n`);
    if (json !== undefined)
      await writeResults(
        json,
        merged(
          before,
          all,
          ROWS.map(({ name }) => name),
        ),
      );
  }
  return merged(
    before,
    all,
    ROWS.map(({ name }) => name),
  );
}

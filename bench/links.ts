/**
 * `npm run bench:links`: how exact links and their faults are, asked and measured between two hosts of a lab.
 *
 *   --only NAME      this row; may be given again        --engine NAME    netns (the default) or docker
 *   --json FILE      keeps the results; rows that are not measured again stay
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
const NAMES = ROWS.map(({ name }) => name);
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
  const unknown = only?.find((one) => !NAMES.includes(one));
  if (unknown !== undefined) throw new Error(`no row \`${unknown}\`; allowed: ${NAMES.join(', ')}`);
  const commands = new Commands(new AbortController().signal, process.env);
  const at = { commit: await commit(commands), when: new Date().toISOString() };
  let all: Results = { machine: await machine(commands), rows: [] };
  const kept = json === undefined ? undefined : await readResults(json);
  for (const row of ROWS.filter((row) => !only || only.includes(row.name))) {
    // Each has a lab of its own: a cable that was opened stays so.
    await using track = await Track.on(ENGINES[name]());
    const load = loadavg()[0]!;
    const found = await row.measure(track);
    const missed = await track.missed();
    // What a cable can carry is found by asking for more.
    if (missed > 0 && row !== carry)
      found.push({
        asked: `frames of ${row.name}`,
        found: `${missed} missed by the cable`,
        goal: 'none',
        met: false,
      });
    const result = { name: row.name, engine: name, load, ...at, found };
    all = { ...all, rows: [...all.rows, result] };
    process.stdout.write(`${tableOf([result])}\nThe load before it was ${load.toFixed(1)}.\n\n`);
    if (json !== undefined) await writeResults(json, merged(kept, all, NAMES));
  }
  return merged(kept, all, NAMES);
}

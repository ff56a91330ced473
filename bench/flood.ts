/**
 * `npm run bench:flood`: what a broadcast costs a machine that sends it to many others (head-end replication, RFC 7348), in
 * processor time, which does not depend on what else runs. It needs root and python3, and makes one network namespace.
 *
 *   --json FILE    keeps the results                --write FILE   makes the table between the marks of the page
 *   --from FILE    measures nothing, only makes the table
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Flood {
  remotes: number;
  /** Microseconds of processor time for one broadcast: the least, the median and the most of the turns. */
  micros: [least: number, median: number, most: number];
}

const REMOTES = [0, 1, 2, 9, 99, 999];
const TURNS = 7;
/** Copies that are made in a turn, about: the kernel counts processor time in steps of milliseconds. */
const COPIES = 60_000;
const [OPEN, CLOSE] = ['<!-- flood -->', '<!-- /flood -->'];

const { values: options } = parseArgs({
  options: { json: { type: 'string' }, write: { type: 'string' }, from: { type: 'string' } },
});
const results = options.from
  ? (JSON.parse(readFileSync(options.from, 'utf8')) as Flood[])
  : measured(REMOTES.map((remotes) => ({ remotes, frames: Math.ceil(COPIES / (remotes + 2)) })));
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
if (options.write) {
  const page = readFileSync(options.write, 'utf8');
  const [before, rest] = [page.indexOf(OPEN), page.indexOf(CLOSE)];
  if (before < 0 || rest < before) throw new Error(`${options.write} lacks the marks ${OPEN} and ${CLOSE}`);
  writeFileSync(options.write, `${page.slice(0, before)}${OPEN}\n${table(results)}\n${page.slice(rest)}`);
}
console.log(table(results));

function measured(asked: { remotes: number; frames: number }[]): Flood[] {
  const said = execFileSync('unshare', ['--net', 'sh', join(import.meta.dirname, 'flood/ground.sh')], {
    input: asked.map(({ remotes, frames }) => `${remotes} ${frames} ${TURNS}\n`).join(''),
    encoding: 'utf8',
    env: { ...process.env, SENDER: join(import.meta.dirname, 'flood/send.py') },
  });
  const turns = said
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number]);
  return [...Map.groupBy(turns, ([remotes]) => remotes)].map(([remotes, its]) => {
    const micros = its.map(([, one]) => one).sort((one, other) => one - other);
    return { remotes, micros: [micros[0]!, micros[Math.floor(micros.length / 2)]!, micros.at(-1)!] };
  });
}

function table(all: readonly Flood[]): string {
  const rows = all.map(
    ({ remotes, micros: [least, median, most] }) =>
      `| ${(remotes + 1).toLocaleString('en')} | ${remotes.toLocaleString('en')} | ${figure(median)} (${figure(least)} to ${figure(most)}) |`,
  );
  return [
    '| machines | copies of a broadcast | µs of one processor for a broadcast |',
    '|---|---|---|',
    ...rows,
  ].join('\n');
}

function figure(micros: number): string {
  return Number(micros.toPrecision(3)).toLocaleString('en');
}

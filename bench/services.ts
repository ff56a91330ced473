/**
 * `npm run bench:services`: how fast the five programs are, each in turn with a peer and with the least that Node can do.
 * Servers have one core, and the load has the other. It needs cc, python3, chronyd, nginx and ngircd (scripts/test-tools.sh).
 *
 *   --only NAME    a row, may be said again         --times N      turns of each row, 5 unless said
 *   --json FILE    keeps the results                --write FILE   makes the table between the marks of the page
 *   --from FILE    measures nothing, only makes the table
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { perSecond } from './services/measured.ts';
import { FILE_BYTES, type Row, rowsIn } from './services/rows.ts';
import { type Result, resultOf, table } from './services/table.ts';

const [OPEN, CLOSE] = ['<!-- services -->', '<!-- /services -->'];
const REFERENCES = ['load', 'tcp-echo', 'chat'];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    times: { type: 'string', default: '5' },
    json: { type: 'string' },
    write: { type: 'string' },
    from: { type: 'string' },
  },
});
const before = read(options.from ?? options.json);
const results = options.from ? before : await measured();
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
if (options.write) {
  const page = readFileSync(options.write, 'utf8');
  const [open, close] = [page.indexOf(OPEN), page.indexOf(CLOSE)];
  if (open < 0 || close < open) throw new Error(`${options.write} lacks the marks ${OPEN} and ${CLOSE}`);
  writeFileSync(options.write, `${page.slice(0, open)}${OPEN}\n${table(results)}\n${page.slice(close)}`);
}
console.log(table(results));

/** Those that were measured before and are not now, too. */
async function measured(): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lanlab-services-'));
  try {
    for (const name of REFERENCES) {
      const source = join(import.meta.dirname, 'reference', `${name}.c`);
      execFileSync('cc', ['-O2', '-o', join(folder, name), source]);
    }
    mkdirSync(join(folder, 'files'));
    writeFileSync(join(folder, 'files/large'), '');
    truncateSync(join(folder, 'files/large'), FILE_BYTES);
    const rows = rowsIn(folder);
    const wanted = rows.filter(({ name }) => options.only?.includes(name) ?? true);
    const now = new Map<string, Result>();
    for (const row of wanted) now.set(row.name, await inTurn(join(folder, 'load'), row));
    const old = new Map(before.map((result) => [result.name, result]));
    return rows.flatMap(({ name }) => now.get(name) ?? old.get(name) ?? []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inTurn(load: string, row: Row): Promise<Result> {
  const turns = [];
  for (let turn = 0; turn < Number(options.times); turn += 1) {
    const ours = await perSecond(load, row.ours, row.load);
    const theirs = await perSecond(load, row.theirs, row.theirLoad ?? row.load);
    const bare = await perSecond(load, row.bare, row.load);
    const telling = row.telling && (await perSecond(load, row.telling, row.load));
    turns.push({ ours, theirs, bare, ...(telling !== undefined && { telling }) });
    console.error(`${row.name}: ${Object.values(turns.at(-1)!).map(Math.round).join(' ')}`);
  }
  return resultOf(row, turns);
}

function read(file: string | undefined): Result[] {
  return file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]) : [];
}

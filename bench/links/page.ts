/** What the bench of links found, as it is kept, and as the table of docs/links.md: the rest of that page stays. Pure but for its file. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Machine } from '../labs/machine.ts';
import { machineLine } from '../labs/page.ts';
import type { Found } from './row.ts';

/** Ways in which a lab's frames are carried: `rootless` where an ordinary user measured. */
export const WAYS = ['netns', 'netns, rootless', 'docker'] as const;
export type Way = (typeof WAYS)[number];

export interface Result {
  name: string;
  engine: Way;
  /** The average number of processes that wanted a core in the minute before. */
  load: number;
  commit: string;
  /** ISO 8601. */
  when: string;
  found: Found[];
}

export interface Results {
  machine: Machine;
  rows: Result[];
}

const [OPEN, CLOSE] = ['<!-- measured -->', '<!-- /measured -->'];

export async function readResults(file: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Rows that were not measured again stay, in the order of `names`, each way for itself. */
export function merged(before: Results | undefined, now: Results, names: readonly string[]): Results {
  const rows = new Map(
    [...(before?.rows ?? []), ...now.rows].map((row) => [`${row.engine} ${row.name}`, row]),
  );
  const order = WAYS.flatMap((engine) => names.map((name) => `${engine} ${name}`));
  return { ...now, rows: order.flatMap((key) => rows.get(key) ?? []) };
}

export function tableOf(rows: readonly Result[]): string {
  const lines = rows.flatMap(({ found }) =>
    found.map(({ asked, found, goal = '–', met }) => {
      const verdict = met === undefined ? '' : met ? 'met' : '**not met**';
      return `| ${asked} | ${found} | ${goal} | ${verdict} |`;
    }),
  );
  return ['| asked | found | goal |  |', '|---|---|---|---|', ...lines].join('\n');
}

/** Throws where the page has lost its marks. */
export function renewed(page: string, { machine, rows }: Results): string {
  const [from, to] = [page.indexOf(OPEN), page.indexOf(CLOSE)];
  if (from < 0 || to < from) throw new Error(`the page has no marks ${OPEN} and ${CLOSE}`);
  const parts = [...Map.groupBy(rows, ({ engine }) => engine)].map(([engine, its]) => {
    const loads = its.map(({ load }) => load);
    const [least, most] = [Math.min(...loads), Math.max(...loads)].map((load) => load.toFixed(1));
    const days = [...new Set(its.map(({ when, commit }) => `at ${commit} on ${when.slice(0, 10)}`))];
    return `On \`${engine}\`, measured ${days.join(' and ')} with a load of ${least} to ${most}:\n\n${tableOf(its)}`;
  });
  return `${page.slice(0, from)}${[OPEN, machineLine(machine), ...parts, CLOSE].join('\n\n')}${page.slice(to + CLOSE.length)}`;
}

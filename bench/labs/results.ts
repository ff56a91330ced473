/** What the bench found, as it is kept in a file: the machine, and each row with all its pairs. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Machine } from './machine.ts';
import { isMet, type Pair, summary } from './ratios.ts';

export interface Result {
  name: string;
  what: string;
  against?: string;
  limit: number;
  sense: 'at most' | 'at least';
  unit: string;
  /** ISO 8601: when it was measured; and the commit, with `+` where files were changed. */
  when: string;
  commit: string;
  /** 1 is the real thing; with fewer hosts there is no verdict. */
  scale: number;
  /** Where it was measured, if that is another machine than the one of the results. */
  machine?: Machine;
  outcome: Outcome;
}

export type Outcome =
  | { kind: 'measured'; pairs: Pair[]; notes: string[] }
  /** The comparison is worth nothing, for instance since the peer's ping failed. */
  | { kind: 'void'; why: string }
  /** lanlab did not do it. */
  | { kind: 'failed'; why: string }
  /** The machine lacks something. */
  | { kind: 'left out'; why: string };

export interface Results {
  version: 1;
  machine: Machine;
  rows: Result[];
}

export type Verdict = 'met' | 'not met' | 'none';

/** No verdict on what has no number, nor on fewer hosts than the row is about; what we failed at is not met. */
export function verdict({ outcome, scale, limit, sense }: Result): Verdict {
  if (scale !== 1) return 'none';
  if (outcome.kind === 'failed') return 'not met';
  if (outcome.kind !== 'measured') return 'none';
  return isMet(summary(outcome.pairs).value, limit, sense) ? 'met' : 'not met';
}

/** Rows that were measured before stay where they are not measured again, each with its machine, in the order of `names`. */
export function merged(before: Results | undefined, now: Results, names: readonly string[]): Results {
  const kept = (before?.rows ?? []).map(({ machine = before!.machine, ...row }) =>
    isDeepStrictEqual(machine, now.machine) ? row : { ...row, machine },
  );
  const rows = new Map([...kept, ...now.rows].map((row) => [row.name, row]));
  return { ...now, rows: names.flatMap((name) => rows.get(name) ?? []) };
}

/** Undefined where there is no such file yet. Throws where it is none of ours. */
export async function readResults(file: string): Promise<Results | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const results = JSON.parse(text) as Results;
  if (results.version !== 1) throw new Error(`${file} holds no results of this bench`);
  return results;
}

export async function writeResults(file: string, results: Results): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

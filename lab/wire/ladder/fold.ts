/** Long runs of plain data become one row that tells the number and the bytes. */

import { showSize } from './label.ts';
import { type Arrow, CUT_SHORT, type Family, type Fold, type Row } from './ladder.ts';

/** The least rows of a fold, and the rows of a run that stay before and after it. */
const LEAST = 5;
const BEFORE = 2;
const AFTER = 1;

export function foldRows(rows: readonly Row[]): Row[] {
  const folded: Row[] = [];
  let run: Arrow[] = [];
  const flush = () => {
    folded.push(...foldRun(run));
    run = [];
  };
  for (const row of rows) {
    const key = row.kind === 'arrow' ? plainKey(row) : undefined;
    if (run.length > 0 && key !== plainKey(run[0]!)) flush();
    if (key === undefined) folded.push(row);
    else run.push(row as Arrow);
  }
  flush();
  return folded;
}

function foldRun(run: readonly Arrow[]): Row[] {
  const inner = run.slice(BEFORE, run.length - AFTER);
  if (inner.length < LEAST) return [...run];
  return [...run.slice(0, BEFORE), foldOf(inner, labelOf(inner)), ...run.slice(run.length - AFTER)];
}

/** A row of the family `other` here is a fragment of IP. */
const NOUNS: Partial<Record<Family, string>> = { tcp: 'segments', udp: 'datagrams', other: 'fragments' };

function labelOf(rows: readonly Arrow[]): string {
  const size = rows.reduce((sum, { seen }) => sum + seen.frame.carried, 0);
  const noun = NOUNS[rows[0]!.family] ?? 'frames';
  return `${rows.length} ${noun}, ${showSize(size)}`;
}

/** One row in place of these, as wide as they are. */
export function foldOf(rows: Arrow[], label: string): Fold {
  const lanes = rows.flatMap(({ from, to }) => [from, ...to]);
  return {
    kind: 'fold',
    rows,
    from: Math.min(...lanes),
    to: Math.max(...lanes),
    family: rows[0]!.family,
    label,
  };
}

/** Equal for frames of one conversation that show nothing except data; undefined for other frames. */
function plainKey(row: Arrow): string | undefined {
  const { family, fate, states, notes, marks, phase, seen, from, to, beyond } = row;
  const odd = notes.some((note) => note !== 'window update' && note !== CUT_SHORT);
  const tells =
    (fate !== 'arrived' && fate !== 'unseen') || states.length > 0 || odd || marks.length > 0 || phase;
  const ports = seen.frame.tcp ?? seen.frame.udp;
  if (tells || to.length !== 1) return undefined;
  // Fragments of one direction alone: those of the answer begin a new run.
  if ((seen.frame.ip?.fragmentOffset ?? 0) > 0) return `fragment ${from} ${to[0]} ${beyond}`;
  if (!ports) return undefined;
  const ends = [`${from}:${ports.sourcePort}`, `${to[0]}:${ports.destinationPort}`].sort();
  return [family, ...ends].join(' ');
}

/** docs/performance.md, made from results; what is written by hand stands between marks and is kept. Pure. */
import type { Machine } from './machine.ts';
import type { Result, Results } from './results.ts';
import { markdown } from './table.ts';

const [OPEN, CLOSE] = ['<!-- kept -->', '<!-- /kept -->'];
const NOTHING_YET = '## What was tried, and what the floor is made of\n\nNothing is written here yet.';

/** `before` is the page as it was: its kept part goes into the new one. */
export function page(results: Results, before = ''): string {
  return `# Performance

Made by \`npm run bench:labs\` from [its results](../bench/results/labs.json); do not edit, but between the marks below.

Each row is measured against somebody else, or against the smallest program of the same Node, in turn in one run:
lanlab, the other, lanlab, the other. The seconds differ from machine to machine, the ratio is what counts; it is the
median of the pairs' ratios, with the least and the most. How each is measured stands in \`bench/labs/\`, a file a row.

${tables(results).join('\n\n')}

${OPEN}
${kept(before)}
${CLOSE}
`;
}

/** A table for each machine: seconds of two machines are not compared. */
function tables({ machine, rows }: Results): string[] {
  const groups = Map.groupBy(rows, (row) => machineLine(row.machine ?? machine));
  return [...groups].flatMap(([line, its]) => [line, markdown(its), measuredLines(its)]);
}

/** What stands between the marks. Throws where one of them is lost, before anything is. */
function kept(before: string): string {
  const [from, to] = [before.indexOf(OPEN), before.indexOf(CLOSE)];
  if (before === '' || (from < 0 && to < 0)) return NOTHING_YET;
  if (from < 0 || to < from)
    throw new Error(`the page has one of the marks ${OPEN} and ${CLOSE}, or they are swapped`);
  return before.slice(from + OPEN.length, to).trim();
}

export function machineLine({ processor, cores, memory, system, kernel, node, ...peers }: Machine): string {
  const versions = [
    `Node ${node}`,
    ...(peers.docker ? [`Docker ${peers.docker}`] : []),
    ...(peers.compose ? [`Compose ${peers.compose}`] : []),
    ...(peers.mininet ? [`Mininet ${peers.mininet}`] : []),
  ];
  return `The machine: ${cores} × ${processor}, ${memory} GiB; ${system}, Linux ${kernel}; ${versions.join(', ')}.`;
}

/** A line for each commit and day, since rows can be measured one by one. */
function measuredLines(rows: readonly Result[]): string {
  const groups = Map.groupBy(rows, ({ commit, when }) => `at ${commit} on ${when.slice(0, 10)}`);
  const all = [...groups].map(([at, its]) =>
    groups.size === 1 ? at : `${at}: ${its.map(({ name }) => `\`${name}\``).join(', ')}`,
  );
  return `Measured ${all.join('; ')}.`;
}

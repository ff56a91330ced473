/** Results as lines for the terminal, and as a table in Markdown. Pure. */
import { summary } from './ratios.ts';
import { type Result, verdict } from './results.ts';

interface Cells {
  what: string;
  against: string;
  ours: string;
  theirs: string;
  value: string;
  limit: string;
  verdict: string;
}

const HEADINGS: Cells = {
  what: 'what',
  against: 'against',
  ours: 'lanlab',
  theirs: 'the other',
  value: 'ratio (least to most)',
  limit: 'limit',
  verdict: '',
};

const WORDS = { met: 'met', 'not met': '**not met**', none: 'no verdict' };

/** Four significant figures at most, thousands apart: `0.2345`, `12.3`, `75,120`. */
export function number(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function cells(result: Result): Cells {
  const { what, against = '–', limit, sense, outcome } = result;
  const bound = `${sense} ${number(limit)}${result.against ? '' : ` ${result.unit}`}`;
  const fixed = { what, against, limit: bound };
  if (outcome.kind !== 'measured') {
    const why = `${outcome.kind}: ${outcome.why}`;
    const said = outcome.kind === 'failed' ? WORDS[verdict(result)] : WORDS.none;
    return { ...fixed, ours: '–', theirs: '–', value: why, verdict: said };
  }
  const { ours, theirs, value, least, most } = summary(outcome.pairs);
  const range = outcome.pairs.length > 1 ? ` (${number(least)} to ${number(most)})` : '';
  return {
    ...fixed,
    ours: `${number(ours)} ${result.unit}`,
    theirs: theirs === undefined ? '–' : `${number(theirs)} ${result.unit}`,
    value: theirs === undefined ? `–${range}` : `${number(value)}${range}`,
    verdict: WORDS[verdict(result)],
  };
}

/** A row and its notes, for the terminal. */
export function lines(result: Result): string[] {
  const { what, against, ours, theirs, value, limit, verdict: said } = cells(result);
  const peer = result.against ? ` against ${against}` : '';
  const head = `${what}${peer}`;
  if (result.outcome.kind !== 'measured') return [head, `  ${value} (${limit}; ${said})`];
  const numbers = result.against ? `${ours} to ${theirs}: ${value}` : `${ours}${value.slice(1)}`;
  return [head, `  ${numbers} (${limit}; ${said})`, ...result.outcome.notes.map((note) => `  ${note}`)].map(
    plain,
  );
}

const plain = (line: string) => line.replaceAll('**', '');

/** A table in Markdown, and below it the notes. */
export function markdown(results: readonly Result[]): string {
  const rows = [HEADINGS, ...results.map(cells)].map((row) => {
    const { what, against, ours, theirs, value, limit, verdict: said } = row;
    return `| ${[what, against, ours, theirs, value, limit, said].map(escaped).join(' | ')} |`;
  });
  const notes = results.flatMap(({ what, outcome }) =>
    outcome.kind === 'measured' && outcome.notes.length > 0
      ? [`- ${what}: ${outcome.notes.join('; ')}.`]
      : [],
  );
  const table = [rows[0], '|---|---|---|---|---|---|---|', ...rows.slice(1)].join('\n');
  return notes.length > 0 ? `${table}\n\n${notes.join('\n')}` : table;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The results of `npm run bench:services`, and the table that is made of them. */
import { isMet, summary } from '../labs/ratios.ts';
import type { Row } from './rows.ts';

interface Turn {
  ours: number;
  theirs: number;
  bare: number;
  telling?: number;
}

export interface Result {
  name: string;
  what: string;
  against: string;
  unit: Row['unit'];
  atLeast: number;
  when: string;
  turns: Turn[];
}

/** Node's own part of what can be reached: where the peer is out of its reach, a program must do so much of it. */
const OF_BARE = 0.95;
const DIVISOR = { 'messages/s': 1, 'lines/s': 1, 'MB/s': 1e6 };

export function resultOf({ name, what, against, unit, atLeast }: Row, turns: Turn[]): Result {
  return { name, what, against, unit, atLeast, when: new Date().toISOString().slice(0, 10), turns };
}

export function table(results: readonly Result[]): string {
  return [
    '| what | against | lanlab | the other | ratio (least to most) | at least | beside bare Node | that tells as much |  |',
    '|---|---|---|---|---|---|---|---|---|',
    ...results.map(line),
    '',
    `Measured on ${[...new Set(results.map(({ when }) => when))].join(' and ')}.`,
  ].join('\n');
}

function line({ what, against, unit, atLeast, turns }: Result): string {
  const { ours, theirs, value, least, most } = summary(turns);
  const beside = (by: (turn: Turn) => number | undefined) =>
    summary(turns.map((turn) => ({ ours: turn.ours, theirs: by(turn) ?? Number.NaN }))).value;
  const bare = beside((turn) => turn.bare);
  const telling = beside((turn) => turn.telling);
  const shown = (number: number) => `${Math.round(number / DIVISOR[unit]).toLocaleString('en')} ${unit}`;
  const met = isMet(value, atLeast, 'at least')
    ? 'met'
    : isMet(bare, OF_BARE, 'at least')
      ? 'met by bare Node'
      : '**not met**';
  const ratio = `${fixed(value)} (${fixed(least)} to ${fixed(most)})`;
  return `| ${what} | ${against} | ${shown(ours)} | ${shown(theirs!)} | ${ratio} | ${atLeast} | ${fixed(bare)} | ${Number.isNaN(telling) ? '–' : fixed(telling)} | ${met} |`;
}

const fixed = (number: number) => number.toFixed(2);

/** Words and numbers that every drawing of a ladder has. */

import { showTime } from '../outcomes/show.ts';
import type { Arrow, Ladder, Missing, Row } from '../wire/ladder/ladder.ts';
import { plural } from './printable.ts';

/** Nanoseconds as milliseconds with microseconds: `0.120`, `3061.004`. */
export function millisecondsOf(nanoseconds: number): string {
  return (nanoseconds / 1e6).toFixed(3);
}

export function leftOutWords({ leftOut, frames }: Pick<Ladder, 'leftOut' | 'frames'>): string {
  return `${plural(leftOut, 'more frame')} of ${frames} left out`;
}

/** An arrow in words: the sender, the receivers, and whether the frame arrived. For readers who cannot see the arrow. */
export function arrowWords({ from, to, fate, others }: Arrow, lanes: Ladder['lanes']): string {
  const name = (lane: number) => lanes[lane]?.name ?? 'nobody';
  const heard = [...to.map(name), ...others];
  if (fate === 'nobody') return `${name(from)} to an address that nobody is known to have`;
  if (fate === 'unheard') return `${name(from)} to everybody`;
  if (fate === 'unknown') return `${name(from)} to whom is not said`;
  const way = `${name(from)} to ${heard.join(', ')}`;
  if (fate === 'unseen') return `${way}, where nobody looked`;
  return fate === 'lost' ? `${way}, never arrived` : way;
}

export function missingWords({ line, at }: Missing): string {
  return `missing at ${at}: ${line}`;
}

/** The words beside a row: whether the frame arrived, notes on it, and the lines of the scenario that it matched. */
export function asideOf(row: Row): string {
  if (row.kind === 'fold') return '';
  if (row.kind === 'missing') return missingWords(row);
  const { others, notes, marks } = row;
  const heard = others.length > 0 ? [`also heard by ${others.join(', ')}`] : [];
  const itself = row.to.length === 1 && row.to[0] === row.from ? ['to itself'] : [];
  return [...row.beyond, ...fateWords(row), ...itself, ...heard, ...notes, ...marks.map(markWords)].join(
    '; ',
  );
}

export function fateWords({ fate, seen, held }: Arrow): string[] {
  if (held !== undefined) return [`held ${showTime(held)}`];
  if (fate === 'lost') return ['never arrived'];
  if (fate === 'nobody')
    return [`to ${seen.frame.ethernet?.destination ?? '?'}, which nobody is known to have`];
  return fate === 'unheard' ? ['to everybody'] : [];
}

export function markWords({ status, line }: Arrow['marks'][number]): string {
  return status === 'forbidden' ? `forbidden: ${line}` : line;
}

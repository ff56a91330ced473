/** Parts of conversations that have names, as braces beside the rows. */
import type { Row, Span } from './ladder.ts';

export function spansOf(rows: readonly Row[]): Span[] {
  const spans = new Map<string, Span>();
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'arrow' || !row.phase) continue;
    const { name, conversation } = row.phase;
    const span = spans.get(`${conversation} ${name}`);
    if (span) span.last = index;
    else spans.set(`${conversation} ${name}`, { name, first: index, last: index, column: 0 });
  }
  return inColumns([...spans.values()]);
}

/** Puts each span in the first column where it touches no other span. */
function inColumns(spans: Span[]): Span[] {
  const ends: number[] = [];
  for (const span of spans.sort((a, b) => a.first - b.first)) {
    const free = ends.findIndex((end) => end < span.first);
    span.column = free < 0 ? ends.length : free;
    ends[span.column] = span.last;
  }
  return spans;
}

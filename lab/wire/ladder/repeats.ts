/** Rows that say the same again and again, as those of many pings: the first time stays, the rest becomes one row. */
import { foldOf } from './fold.ts';
import { type Arrow, CUT_SHORT, type Row } from './ladder.ts';

/** The most rows that repeat together: a question and its answer take eight where three routers forward them. */
const LONGEST = 8;
/** Linux gives clients ports from here on (ip_local_port_range). */
const FIRST_GIVEN = 32_768;
/** The least repetitions of a piece, and the least rows that a fold removes. */
const TIMES = 3;
const GONE = 3;

export function foldRepeats(rows: readonly Row[]): Row[] {
  const keys = rows.map(keyOf);
  const folded: Row[] = [];
  for (let at = 0; at < rows.length; ) {
    const { length, times } = repeatAt(keys, at);
    const end = at + length * times;
    folded.push(...rows.slice(at, at + length));
    if (times > 1) {
      const again = arrowsOf(rows.slice(at + length, end));
      folded.push(foldOf(again, labelOf(again, length)));
    }
    at = end;
  }
  return folded;
}

/** The shortest piece that repeats often enough from here on; else this row alone, once. */
function repeatAt(keys: readonly (string | undefined)[], at: number): { length: number; times: number } {
  for (let length = 1; length <= LONGEST; length++) {
    const times = timesOf(keys, at, length);
    if (times >= TIMES && (times - 1) * length >= GONE) return { length, times };
  }
  return { length: 1, times: 1 };
}

function timesOf(keys: readonly (string | undefined)[], at: number, length: number): number {
  let same = 0;
  for (let next = at; keys[next] !== undefined && keys[next] === keys[next + length]; next++) same++;
  return 1 + Math.floor(same / length);
}

/** Undefined for a row that shows something special: it is never folded. */
function keyOf(row: Row): string | undefined {
  if (row.kind !== 'arrow') return undefined;
  const { family, from, to, others, beyond, fate, states, notes, marks, phase } = row;
  const odd = notes.some((note) => note !== CUT_SHORT);
  if (fate === 'lost' || states.length > 0 || odd || marks.length > 0 || phase) return undefined;
  return JSON.stringify([family, saidBy(row), from, to, others, beyond, fate]);
}

/** The label without numbers that differ each time: those of echo requests, and the ports that kernels give to clients. */
function saidBy({ label, seen: { frame } }: Arrow): string {
  const { icmp, icmpv6, udp } = frame;
  // Only an echo has a sequence number: the number in an ICMP error is its MTU.
  const { sequence } = icmp ?? icmpv6 ?? {};
  if (sequence !== undefined)
    return label.endsWith(` ${sequence}`) ? label.slice(0, -`${sequence}`.length) : label;
  const ports = udp && `${udp.sourcePort} → ${udp.destinationPort}`;
  if (!ports || !label.startsWith(ports)) return label;
  const own = (port: number) => (port < FIRST_GIVEN ? port : 'any');
  return `${own(udp.sourcePort)} → ${own(udp.destinationPort)}${label.slice(ports.length)}`;
}

function arrowsOf(rows: readonly Row[]): Arrow[] {
  return rows.filter((row) => row.kind === 'arrow');
}

function labelOf(rows: readonly Arrow[], length: number): string {
  const times = rows.length / length;
  return length === 1 ? `${times} more like this` : `${times} more times these ${length}`;
}

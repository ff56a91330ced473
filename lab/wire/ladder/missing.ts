/** Frames that were expected and did not come: rows of their own, where they should have been. */
import type { Arrow, Lane, Missing, Row } from './ladder.ts';
import type { LineResult } from './line-result.ts';

/** `tcp alice:40000 > echo:9000 SYN`: the two ends, without ports and networks. */
const ENDS = /^\S+ (?<from>\S+) > (?<to>\S+)/;

export function missingRow({ line, at }: LineResult, lanes: readonly Lane[]): Missing {
  const ends = ENDS.exec(line)?.groups;
  const laneOf = (end: string | undefined) => {
    if (end === undefined) return undefined;
    const found = lanes.findIndex(({ name, addresses }) => isEnd(end, name) || addresses.includes(end));
    return found < 0 ? undefined : found;
  };
  const from = laneOf(ends?.from);
  const to = laneOf(ends?.to);
  return { kind: 'missing', line, at, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function isEnd(end: string, name: string): boolean {
  return end === name || (end.startsWith(name) && /^[:.]/.test(end.slice(name.length)));
}

/** Each behind the frame after which it should have come; at the end where that is not said. */
export function placeMissing(
  arrows: readonly Arrow[],
  missing: readonly { after: number | undefined; row: Missing }[],
): Row[] {
  const rows: Row[] = [];
  const waiting = [...missing];
  const release = (due: (after: number | undefined) => boolean) => {
    for (const one of waiting.filter(({ after }) => due(after))) {
      rows.push(one.row);
      waiting.splice(waiting.indexOf(one), 1);
    }
  };
  // One that comes after no frame at all belongs before the first.
  release((after) => after === 0);
  for (const arrow of arrows) {
    rows.push(arrow);
    release((after) => after === arrow.seen.number);
  }
  release(() => true);
  return rows;
}

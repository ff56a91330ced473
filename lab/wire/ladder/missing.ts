/** Frames that were expected and did not come: rows of their own, where they should have been. */
import type { Arrow, Lane, Missing, Row } from './ladder.ts';
import type { LineResult } from './line-result.ts';

/** `tcp alice:40000 > echo:9000 SYN`: the two ends, without ports and networks. */
const ENDS = /^\S+ (?<from>\S+) > (?<to>\S+)/;

/** The neighbour between a host and another one, as the host's frames show: a router, or the other host itself. */
export type FindNeighbour = (host: string, other: string) => string | undefined;

/** The row of a missing frame. At a host that is one of its ends, it goes over the host's own link, to its neighbour. */
export function missingRow(
  { line, at }: LineResult,
  lanes: readonly Lane[],
  neighbourOf: FindNeighbour,
): Missing {
  const ends = ENDS.exec(line)?.groups;
  const laneOf = (end: string | undefined) => {
    if (end === undefined) return undefined;
    const found = lanes.findIndex(({ name, addresses }) => isEnd(end, name) || addresses.includes(end));
    return found < 0 ? undefined : found;
  };
  const [sender, receiver] = [laneOf(ends?.from), laneOf(ends?.to)];
  const everybody = ends?.to === BROADCAST ? lanes.map((_, lane) => lane) : [];
  const own = lanes.findIndex(({ name }) => name === at);
  const onLink = (lane: number | undefined, other: number | undefined) => {
    const name = lane !== undefined && other === own ? neighbourOf(at, lanes[lane]!.name) : undefined;
    return laneOf(name) ?? lane;
  };
  const [from, to] = [onLink(sender, receiver), onLink(receiver, sender)];
  return {
    ...{ kind: 'missing', line, at },
    ...(from !== undefined && { from }),
    to: (to === undefined ? everybody : [to]).filter((lane) => lane !== from),
  };
}

const BROADCAST = 'broadcast';

function isEnd(end: string, name: string): boolean {
  return end === name || (end.startsWith(name) && /^[:.]/.test(end.slice(name.length)));
}

/** Each row after the frame after which it should have come; at the end where it could have come at any time. */
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
  for (const arrow of arrows) {
    rows.push(arrow);
    release((after) => after === arrow.seen.number);
  }
  release(() => true);
  return rows;
}

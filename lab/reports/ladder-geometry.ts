/** The places of the lanes of a drawn ladder, and the heights of its rows. Pixels. */
import type { Ladder, Row } from '../wire/ladder/ladder.ts';

export interface Geometry {
  /** The place of each lane's line. */
  lanes: number[];
  /** The width of all lanes. */
  inside: number;
  /** The width of the lanes and the braces beside them. */
  width: number;
}

/** The room beside the outermost lanes: half the widest state. */
const MARGIN = 52;
/** A column of braces, and the longest of their names. */
const BRACE = 14;
const BRACE_NAME = 66;
/** The least width, so that an arrow to nobody has room beside a single lane. */
const NARROWEST = 300;

/** The distance between lanes, by their number. */
const APART = [210, 210, 210, 190, 165];
const CROWDED = 140;

export const ROW = { plain: 30, withStates: 47, fold: 28, missing: 30 } as const;

export function geometryOf({ lanes, spans }: Pick<Ladder, 'lanes' | 'spans'>): Geometry {
  const apart = APART[lanes.length] ?? CROWDED;
  const columns = Math.max(0, ...spans.map(({ column }) => column + 1));
  const inside = Math.max(NARROWEST, 2 * MARGIN + (lanes.length - 1) * apart);
  const places = lanes.map((_, lane) => MARGIN + lane * apart);
  return { lanes: places, inside, width: inside + (columns > 0 ? columns * BRACE + BRACE_NAME : 0) };
}

export function braceAt({ inside }: Geometry, column: number): number {
  return inside + column * BRACE + 2;
}

export function heightOf(row: Row): number {
  if (row.kind !== 'arrow') return ROW[row.kind];
  return row.states.length > 0 ? ROW.withStates : ROW.plain;
}

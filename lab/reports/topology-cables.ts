/**
 * The ways of cables between boxes that stand in ranks. dagre gives each cable a column through every rank that it
 * passes. A cable goes straight through a rank, and across only between two ranks. So it never lies on a box or an
 * address. Worked out as if cables went down; a drawing from left to right is turned.
 */
export interface Point {
  x: number;
  y: number;
}

/** A box by its middle, as dagre gives it. */
export interface Middle extends Point {
  width: number;
  height: number;
}

export interface Wire {
  from: Middle;
  to: Middle;
  /** The points of dagre between the boxes, without the ends at the boxes. The address stands at one of these points. */
  via: readonly Point[];
}

/** The least distance between two cables at one side of a box, and from a cable to the corner. */
const APART = 16;

export function wayOfCables(
  wires: readonly Wire[],
  boxes: readonly Middle[],
  rankdir: 'LR' | 'TB',
): Point[][] {
  const turn = rankdir === 'LR' ? transposed : <T>(one: T) => one;
  const thickness = ranksOf(boxes.map(turn));
  const down = wires.map(({ from, to, via }) => {
    const wire = { from: turn(from), to: turn(to), via: via.map(turn) };
    return wire.from.y <= wire.to.y ? wire : { from: wire.to, to: wire.from, via: wire.via.toReversed() };
  });
  const starts = portsOf(
    down.map(({ from, to, via }) => ({ box: from, towards: (via[0] ?? to).x })),
    boxes.map(turn),
  );
  const ends = portsOf(
    down.map(({ from, to, via }) => ({ box: to, towards: (via.at(-1) ?? from).x })),
    boxes.map(turn),
  );
  return down.map(({ from, to, via }, index) => {
    const [top, bottom] = [thickness(from.y) / 2, thickness(to.y) / 2];
    const points = [
      { x: starts[index]!, y: from.y + from.height / 2 },
      { x: starts[index]!, y: from.y + top },
      ...via.flatMap(({ x, y }) => [-0.5, 0.5].map((half) => ({ x, y: y + half * thickness(y) }))),
      { x: ends[index]!, y: to.y - bottom },
      { x: ends[index]!, y: to.y - to.height / 2 },
    ];
    return points.map(turn);
  });
}

function transposed<T extends Point | Middle>(one: T): T {
  const turned = { ...one, x: one.y, y: one.x };
  return 'width' in one ? { ...turned, width: one.height, height: one.width } : turned;
}

/** The thickness of the rank whose middle is at `y`: that of its thickest box. */
function ranksOf(boxes: readonly Middle[]): (y: number) => number {
  const ranks = new Map<number, number>();
  for (const { y, height } of boxes) ranks.set(key(y), Math.max(ranks.get(key(y)) ?? 0, height));
  return (y) => ranks.get(key(y)) ?? 0;
}

const key = (y: number) => Math.round(y);

interface Plug {
  box: Middle;
  towards: number;
}

/** The place where each cable leaves its box: as near to its direction as the other cables allow. */
function portsOf(plugs: readonly Plug[], boxes: readonly Middle[]): number[] {
  const ports: number[] = [];
  for (const box of boxes) {
    const here = [...plugs.entries()]
      .filter(([, plug]) => plug.box.x === box.x && plug.box.y === box.y)
      .toSorted(([, one], [, other]) => one.towards - other.towards);
    const places = spread(
      here.map(([, { towards }]) => towards),
      box,
    );
    for (const [place, [index]] of here.entries()) ports[index] = places[place]!;
  }
  return ports;
}

/** `wanted` is in order. Where the wanted places are too near to each other, all are spread evenly. */
function spread(wanted: readonly number[], { x, width }: Middle): number[] {
  const [least, most] = [x - width / 2 + APART, x + width / 2 - APART];
  const clamped = wanted.map((one) => Math.min(most, Math.max(least, one)));
  const roomy = clamped.every((one, index) => index === 0 || one - clamped[index - 1]! >= APART);
  if (roomy) return clamped;
  return wanted.map((_, index) => least + ((most - least) * (index + 0.5)) / wanted.length);
}

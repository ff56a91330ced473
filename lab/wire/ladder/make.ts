/** A ladder from the frames of a timeline: lanes, arrows, expected frames, named parts. */

import { nanosecondsBetween, type Stamp } from '../stamp.ts';
import type { SeenFrame } from '../timeline.ts';
import type { CableView } from './cables.ts';
import { foldRows } from './fold.ts';
import { familyOf, labelOf, type Naming } from './label.ts';
import { type Arrow, CUT_SHORT, type Ladder, type Lane, type Mark, OTHERS, type Phase } from './ladder.ts';
import { type Ends, type FindEnds, namedAddresses, type Owner, ownerIn, type Party } from './lanes.ts';
import type { LineResult } from './line-result.ts';
import { type FindNeighbour, missingRow, placeMissing } from './missing.ts';
import { foldRepeats } from './repeats.ts';
import { spansOf } from './spans.ts';

/** The facts of a TCP segment that earlier segments tell. */
export interface TcpView {
  /** Number of the conversation. */
  conversation: number;
  /** The new states of the segment's ends; absent where they stay the same. */
  sender?: string;
  receiver?: string;
  phase?: Phase['name'];
  notes: string[];
}

export interface LadderOptions {
  /** In the order of the lanes; hosts that are not here come after them. */
  parties: readonly Party[];
  ends: FindEnds;
  /** A frame on one line. */
  print(seen: SeenFrame): string;
  tcp?(seen: SeenFrame): TcpView | undefined;
  /** The view of impaired cables on it. */
  cables?(seen: SeenFrame): CableView | undefined;
  lines?: readonly LineResult[];
  /** The beginning of times; where it is absent or later than the first frame, the first frame's time. */
  began?: Stamp;
  /** The most frames that are drawn. */
  most?: number;
  /** False to draw every frame. */
  fold?: boolean;
  /** False to give no lane to hosts that only hear broadcasts, also where there are few lanes. */
  bystanders?: boolean;
}

/** Up to so many lanes, hosts that only hear broadcasts have lanes too. */
const LANES_WITH_BYSTANDERS = 5;

/** A reader cannot distinguish more lanes than these; a capture of a backbone has thousands of hosts. */
const MOST_LANES = 12;

export function makeLadder(all: readonly SeenFrame[], options: LadderOptions): Ladder {
  const frames = all.slice(0, options.most ?? all.length);
  const owner = ownerIn(options.parties);
  const ended = frames.map((seen) => endedOf(seen, options, owner));
  const lanes = lanesOf(ended, options);
  const touched = new Set(ended.flatMap(({ ends }) => [ends.from, ...ends.to]));
  const began = begin(frames, options);
  const drawn = { lanes, touched, options, began, naming: naming(options.parties) };
  const arrows = ended.map((one) => arrowOf(one, drawn));
  const missing = (options.lines ?? []).filter(({ status }) => status === 'missing');
  const placed = placeMissing(
    arrows,
    missing.map((line) => ({ after: line.after, row: missingRow(line, lanes, neighboursIn(ended)) })),
  );
  const rows = options.fold === false ? placed : foldRepeats(foldRows(placed));
  return { lanes, rows, spans: spansOf(rows), frames: all.length, leftOut: all.length - frames.length };
}

function neighboursIn(ended: readonly Ended[]): FindNeighbour {
  return (host, other) => {
    for (const { ends, source, destination } of ended) {
      const [only, ...more] = ends.to;
      if (only === undefined || more.length > 0) continue;
      if (ends.from === host && destination === other) return only;
      if (only === host && source === other) return ends.from;
    }
    return undefined;
  };
}

/** A frame with the hosts that take part in it. */
interface Ended {
  seen: SeenFrame;
  ends: Ends;
  /** The hosts of its packet's addresses, where they are known. */
  source: string | undefined;
  destination: string | undefined;
  view: TcpView | undefined;
  states: { name: string; state: string }[];
}

/** A state belongs to the host of the IP address; where this host is not known, to the host of the card. */
function endedOf(seen: SeenFrame, options: LadderOptions, owner: Owner): Ended {
  const ends = options.ends(seen);
  const { ip } = seen.frame;
  const source = ip && owner(ip.source, ends.from);
  const destination = ip && owner(ip.destination, ends.to[0]);
  const view = options.tcp?.(seen);
  const came = ends.fate === 'arrived' || ends.fate === 'unseen';
  const states = [
    { name: source ?? ends.from, state: view?.sender },
    { name: destination ?? ends.to[0], state: came ? view?.receiver : undefined },
  ];
  return {
    ...{ seen, ends, source, destination, view },
    states: states.flatMap(({ name, state }) =>
      name !== undefined && state !== undefined ? [{ name, state }] : [],
    ),
  };
}

/** Known hosts in their own order, then unknown ones in order of their first frames. */
function lanesOf(ended: readonly Ended[], options: LadderOptions): Lane[] {
  const { parties, lines = [], bystanders = true } = options;
  const active = new Set<string>();
  const heard = new Set<string>();
  for (const { ends, states } of ended) {
    active.add(ends.from);
    for (const { name } of states) active.add(name);
    for (const name of ends.to) (ends.to.length > 1 ? heard : active).add(name);
  }
  for (const line of lines) for (const name of hostsOf(line, parties)) active.add(name);
  const all = new Set([...active, ...heard]);
  const few = bystanders && all.size <= LANES_WITH_BYSTANDERS;
  const shown = few || active.size < 2 ? all : active;
  const names = shown.size > MOST_LANES ? busiest(shown, ended) : [...shown];
  const order = new Map(parties.map(({ name }, index) => [name, index]));
  const lanes = names
    .sort((a, b) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size))
    .map((name) => ({ name, addresses: parties.find((party) => party.name === name)?.addresses ?? [] }));
  return shown.size > MOST_LANES ? [...lanes, { name: OTHERS, addresses: [] }] : lanes;
}

/** The hosts with the most frames; the others share a lane. */
function busiest(shown: ReadonlySet<string>, ended: readonly Ended[]): string[] {
  const counts = new Map([...shown].map((name) => [name, 0]));
  for (const { ends, states } of ended) {
    for (const name of [ends.from, ...ends.to, ...states.map((one) => one.name)])
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return sorted.slice(0, MOST_LANES - 1);
}

/** The hosts that a missing line names: they need lanes, so that the line can be drawn. */
function hostsOf({ status, line, at }: LineResult, parties: readonly Party[]): string[] {
  if (status !== 'missing') return [];
  const words = new Set([at, ...line.split(/[\s:]+/).slice(1, 4)]);
  return parties.map(({ name }) => name).filter((name) => words.has(name));
}

function begin(frames: readonly SeenFrame[], { began }: LadderOptions): Stamp {
  const first = frames[0]?.sightings[0] ?? { seconds: 0, nanoseconds: 0 };
  return began && nanosecondsBetween(began, first) >= 0 ? began : first;
}

interface Drawn {
  lanes: readonly Lane[];
  /** The hosts that an arrow begins or ends at. */
  touched: ReadonlySet<string>;
  options: LadderOptions;
  began: Stamp;
  naming: Naming;
}

function arrowOf(ended: Ended, { lanes, touched, options, began, naming }: Drawn): Arrow {
  const { seen, ends, view, states, source, destination } = ended;
  const others = lanes.findIndex(({ name }) => name === OTHERS);
  const laneOf = (name: string) => {
    const own = lanes.findIndex((lane) => lane.name === name);
    return own < 0 ? others : own;
  };
  const cables = options.cables?.(seen);
  const unseen = (name: string | undefined) => name !== undefined && !touched.has(name);
  return {
    kind: 'arrow',
    seen,
    time: nanosecondsBetween(began, seen.sightings[0]!),
    from: laneOf(ends.from),
    to: [...new Set(ends.to.map(laneOf))].filter((lane) => lane >= 0),
    others: ends.to.filter((name) => laneOf(name) < 0),
    fate: ends.fate,
    beyond: [
      ...(unseen(source) ? [`from ${source}`] : []),
      ...(unseen(destination) ? [`for ${destination}`] : []),
    ],
    family: familyOf(seen.frame),
    label: labelOf(seen.frame, naming),
    line: options.print(seen),
    states: states.map(({ name, state }) => ({ lane: laneOf(name), state })).filter(({ lane }) => lane >= 0),
    notes: [...(view?.notes ?? []), ...(cables?.notes ?? []), ...troubleOf(seen)],
    ...(cables?.held !== undefined && { held: cables.held }),
    marks: marksOf(seen, options.lines ?? []),
    ...(view?.phase && { phase: { name: view.phase, conversation: view.conversation } }),
  };
}

function troubleOf({ frame: { trouble } }: SeenFrame): string[] {
  if (trouble === undefined) return [];
  return [trouble.layer === 'frame' ? CUT_SHORT : trouble.missing];
}

function marksOf({ number }: SeenFrame, lines: readonly LineResult[]): Mark[] {
  return lines.flatMap(({ status, line, at, number: about }) =>
    about === number && status !== 'missing' ? [{ status, line, at }] : [],
  );
}

/** Names by address; each address of a host has its name. */
export function naming(parties: readonly Party[]): Naming {
  const names = new Map(parties.flatMap(namedAddresses));
  return (address) => names.get(address) ?? address;
}

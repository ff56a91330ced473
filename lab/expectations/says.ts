/** A line that a host's program printed on its standard output or standard error. */
import { z } from 'zod';
import type { LiveHost } from '../live/host.ts';
import type { Entry, Journal } from '../live/journal.ts';
import type { Check } from '../outcomes/check.ts';
import type { StepContext } from '../outcomes/context.ts';
import { mistaken, type Outcome } from '../outcomes/outcome.ts';
import { showBytes } from '../outcomes/show.ts';
import { findIn } from '../patterns/find.ts';
import { name, regex, toRegExp } from '../scenario/values/values.ts';
import { type ExpectationKind, patience } from './expectation.ts';

const look = z
  .strictObject({
    by: name.describe('The host whose program prints it.'),
    text: z.string().min(1).exactOptional().describe('The line is exactly this text.'),
    matches: regex
      .exactOptional()
      .describe('A JavaScript regular expression, without slashes, that a part of the line matches.'),
    count: z
      .int()
      .min(1, '`count` is at least 1: absence needs more than a silent program')
      .exactOptional()
      .describe('How many such lines there are, exactly.'),
    since: z
      .literal('start')
      .exactOptional()
      .describe(
        'start: lines that the program printed before this step count, too. By default only those since the step began.',
      ),
  })
  .superRefine((value, context) => {
    if ((value.text === undefined) !== (value.matches === undefined)) return;
    const message =
      value.text === undefined
        ? 'the text of the line is missing'
        : '`text` and `matches` exclude each other';
    const hint = 'write text: ready for exactly this line, or matches: "ready|up" for a part of it';
    context.addIssue({ code: 'custom', message, params: { hint } });
  });

type Look = z.output<typeof look>;

export const says: ExpectationKind<Look | Look[]> = {
  word: 'says',
  summary:
    'The program of a host printed a line, to its standard output or its standard error, since the step began. ' +
    'A line of one of the five programs is an event, as JSON.',
  example: 'expect: { says: { by: echo, matches: accept } }',
  wholeLab: true,
  schema: z.union([z.array(look).min(1), look]),

  references: (value) =>
    [value].flat().map(({ by }, index) => ({
      path: Array.isArray(value) ? [index, 'by'] : ['by'],
      is: 'program' as const,
      value: by,
    })),

  async check(value, outcome, step, context) {
    const times = { deadline: performance.now() + patience(step), hold: step.for ?? 0 };
    return Promise.all([value].flat().map((one) => checkOf(one, times, outcome, context)));
  },
};

interface Times {
  /** A reading of performance.now(). */
  deadline: number;
  /** Milliseconds for which no further line may come, where they are counted. */
  hold: number;
}

async function checkOf(one: Look, times: Times, outcome: Outcome, context: StepContext): Promise<Check> {
  const host = context.hosts.get(one.by)!;
  try {
    return await find(one, times, outcome.began, host);
  } catch (error) {
    return mistaken(error, `${one.by} says ${describe(one)}`);
  }
}

async function find(one: Look, { deadline, hold }: Times, began: number, host: LiveHost): Promise<Check> {
  const since = one.since === 'start' ? 0 : began;
  const reader = new Reader(host, since);
  const wanted = one.count ?? 1;
  const found: string[] = [];
  const search = async (most: number, until: number) => {
    while (found.length < most) {
      const lines = await reader.more(until);
      if (!lines) return;
      found.push(...(await matching(one, lines, deadline)));
    }
  };
  await search(wanted, deadline);
  const facts = { kind: 'said', by: one.by } as const;
  const times = one.count === undefined ? '' : ` ${one.count} times`;
  const missed = { ...facts, what: `${one.by} says${times}`, held: false, expected: describe(one) + times };
  const lost = reader.missed && { incomplete: true as const, why: lostLines(one.by) };
  if (found.length < wanted) {
    const some = found.length > 0 ? `only ${found.length}; ` : '';
    const came = found.length > 0 ? 'part' : reader.last.length > 0 ? 'other' : 'nothing';
    const why = await whyNot(one, since, host, deadline);
    const counted = one.count !== undefined && { absence: true as const };
    return {
      ...missed,
      ...counted,
      came,
      found: some + nearest(one, reader.last),
      ...(why && { why }),
      ...lost,
    };
  }
  if (one.count !== undefined) {
    await search(wanted + 1, performance.now() + hold);
    if (found.length > wanted) return { ...missed, came: 'more', found: `more: ${shown(found[wanted]!)}` };
    if (lost) return { ...missed, came: 'all', found: `${wanted} so far`, ...lost };
  }
  const held = {
    ...facts,
    came: 'all',
    held: true,
    what: `${one.by} says${times}: ${shown(found[0]!)}`,
  } as const;
  return one.count === undefined ? held : { ...held, absence: true };
}

/** Lines kept for a reader of the report. */
const SHOWN = 3;

/** The lines of a host's program since then (milliseconds since the Unix epoch), as they come. */
class Reader {
  readonly #journal: Journal;
  readonly #host: string;
  readonly #since: number;
  #place = 0;
  /** The last lines that came. */
  last: string[] = [];
  /** Lines have gone before they could be read. */
  missed = false;

  constructor({ journal, name }: LiveHost, since: number) {
    this.#journal = journal;
    this.#host = name;
    this.#since = since;
  }

  /** The next ones, perhaps none; undefined when none has come until then (performance.now()). */
  async more(until: number): Promise<string[] | undefined> {
    const left = Math.max(0, until - performance.now());
    const { entries, next, missed, oldest } = await this.#journal.read(this.#place, [this.#host], left);
    if (next === this.#place) return undefined;
    this.#place = next;
    const lines = entries.filter(({ time }) => !this.#isOlder(time)).flatMap(lineOf);
    // Lines that are gone were printed before all that are kept. They are older than the step where a kept one is.
    if (missed > 0 && !(oldest !== undefined && this.#isOlder(oldest))) this.missed = true;
    this.last = [...this.last, ...lines].slice(-SHOWN * 10);
    return lines;
  }

  #isOlder(time: string): boolean {
    return Date.parse(time) < this.#since - CLOCK_SLACK;
  }
}

/** A program may write the time itself: two processes of one machine read the same clock, to a millisecond or so. */
const CLOCK_SLACK = 2;

function lineOf(entry: Entry): string[] {
  if ('line' in entry) return [entry.line];
  return entry.printed ? [JSON.stringify(entry.event)] : [];
}

/** Throws SlowPattern. */
async function matching(one: Look, lines: readonly string[], deadline: number): Promise<string[]> {
  if (one.matches === undefined) return lines.filter((line) => line === one.text);
  const pattern = toRegExp(one.matches);
  const found: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const match = await findIn(pattern, lines.slice(at), deadline - performance.now());
    if (!match) break;
    found.push(lines[at + match.text]!);
    at += match.text + 1;
  }
  return found;
}

/** The reason why the line has not come, where the host itself knows it. */
async function whyNot(
  one: Look,
  since: number,
  host: LiveHost,
  deadline: number,
): Promise<string | undefined> {
  if (host.ended) {
    const { signal, exit } = host.ended;
    return `the program of ${one.by} has ended (${signal ?? `exit code ${exit}`})`;
  }
  if (host.paused) return `the program of ${one.by} is paused`;
  if (since === 0) return undefined;
  const earlier = new Reader(host, 0);
  for (let lines = await earlier.more(0); lines; lines = await earlier.more(0)) {
    if ((await matching(one, lines, deadline)).length > 0)
      return `${one.by} printed it before this step began; with since: start it counts`;
  }
  return undefined;
}

function describe({ text, matches }: Look): string {
  return text === undefined ? `a line like /${matches}/` : shown(text);
}

/** A line with the text in it, or the last ones. */
function nearest({ text, since }: Look, lines: readonly string[]): string {
  if (lines.length === 0) return since === 'start' ? 'no line' : 'no line since the step began';
  const like = text === undefined ? [] : lines.filter((line) => plain(line).includes(plain(text)));
  const [label, some] = like.length > 0 ? ['nearest', like] : ['the last', lines];
  return `no such line; ${label}: ${some.slice(-SHOWN).map(shown).join('; ')}`;
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}

function shown(line: string): string {
  return showBytes(Buffer.from(line));
}

function lostLines(by: string): string {
  return `lines of ${by} may be missing: more was printed in the lab than is kept`;
}

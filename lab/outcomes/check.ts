/**
 * One thing that was looked at: the facts on which later code decides, and the sentences that a reader is told. Code that
 * decides is given the facts alone (`Judged`), so nothing can depend on how a sentence is worded.
 */
import { z } from 'zod';
import { FAILURE_KINDS } from '../agent/protocol.ts';
import { lineResult } from '../wire/ladder/line-result.ts';

/**
 * The bytes that came, beside the expected ones. `nothing` and `part`: the time was over, and not all of them had come. `end`:
 * the peer's FIN came in their place. `more`: all of them, and something behind them. `other`: something else.
 */
const CAME = ['all', 'nothing', 'part', 'end', 'more', 'other'] as const;
export type Came = (typeof CAME)[number];

const came = z.enum(CAME).meta({
  id: 'came',
  description:
    'the bytes that came, beside the expected ones: a part, the end of the stream, more, or others',
});

/** In every check. Code decides on the first two; the rest is for a reader. */
const every = {
  held: z.boolean(),
  incomplete: z
    .literal(true)
    .exactOptional()
    .describe('it could not be judged: frames may have passed unseen, or clocks do not tell their order'),
  what: z.string().describe('the subject of the check; if it held, the finding'),
  expected: z.string().exactOptional(),
  found: z.string().exactOptional(),
  why: z.string().exactOptional().describe('the evidence'),
  took: z.number().min(0).exactOptional().describe('milliseconds that its expectation was looked at'),
  frames: z
    .array(lineResult)
    .exactOptional()
    .describe(
      'the lines of `wire`, and the frames that met them; a missing one says where it should have been',
    ),
};

function checkOf<const Kind extends string, Facts extends z.ZodRawShape>(
  kind: Kind,
  describe: string,
  facts: Facts,
) {
  return z.strictObject({ kind: z.literal(kind), ...facts, ...every }).describe(describe);
}

/** A check as programs are told it. `kind` says which facts there are. */
export const check = z
  .discriminatedUnion('kind', [
    checkOf('did', 'the action itself, which did what it was to do', {}),
    checkOf('action', "a finding of the step's own action: an exit code, a lease, a welcome", {}),
    checkOf('mistake', 'the scenario asks for what makes no sense as things are', {}),
    checkOf('gone', 'the machine of a host, which is gone', {}),
    checkOf('failed', 'the network, or a kernel, said no', {
      failure: z
        .enum(FAILURE_KINDS)
        .exactOptional()
        .describe('how the network said no; absent where it did not'),
      claimed: z.enum(FAILURE_KINDS).exactOptional().describe('how it was expected to'),
    }),
    checkOf('received', 'the bytes that came', { came }),
    checkOf('seen', 'the events of a host', {
      by: z.string().describe('the host whose events they are'),
      came: came.describe('`other`: events of clients, and none of them is the one'),
    }),
    checkOf('said', 'the lines that a program printed', {
      by: z.string().describe('the host of the program'),
      came: came.describe('`other`: lines, and none of them is the one'),
    }),
    checkOf('field', 'a fact that the action found', { name: z.string().describe("the field's name") }),
    checkOf('wire', 'the frames at a host', {
      at: z.string().describe('the host that was looked at'),
      came: came.describe('`more`: a frame that must not be there'),
    }),
    checkOf('sockets', 'the sockets of a host', { at: z.string().describe('the host that was looked at') }),
    checkOf('own', "an expectation of the user's own", { word: z.string().describe('its word') }),
  ])
  .describe('one thing that was looked at');

type Reported = z.infer<typeof check>;

/** The sentences. */
export interface Sentences extends Pick<Reported, 'what' | 'expected' | 'found' | 'why'> {
  /** `what`, where the step's addresses and ports stand beside it. */
  brief?: string;
}

/** Left out of the report for programs: what is there for the text report, for causes, and for cables that missed frames. */
interface Unreported extends Pick<Sentences, 'brief'> {
  /** Of `wire`: its `why` is what a RST or an ICMP error that came means in general. */
  refusal?: true;
  /** It rests on the absence of something, or on a count: a frame that no cable carried could change it. */
  absence?: true;
}

export type Check = Reported & Unreported;

type Without<One, Key extends PropertyKey> = One extends unknown ? Omit<One, Key> : never;

/** The facts of a check: all that may be decided on. */
export type Judged = Without<Check, keyof Sentences | 'took' | 'frames'>;

/** The facts that the kind of a check has. */
export type Facts = Without<Judged, 'held' | 'incomplete' | 'absence'>;

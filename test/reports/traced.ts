/** A run with captures, made by hand: a conversation, a cut, a mixture, a download, a step without a frame. */
import type { Check } from '../../lab/outcomes/check.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import type { RunResult } from '../../lab/reports/result.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import {
  addressOf,
  BEGAN,
  cards,
  conversation,
  cutOffWire,
  download,
  mixture,
  type Wire,
} from './ladders.ts';
import { runOf, skippedStep } from './runs.ts';

const FILE = 'scenarios/example.yaml';

interface Part {
  wire?: Wire;
  step: Partial<StepResult>;
}

const PARTS: Part[] = [
  {
    wire: conversation(),
    step: {
      name: 'the server answers in capitals, and three segments open the connection',
      checks: [
        { kind: 'received', came: 'all', what: 'received "HELLO"', held: true },
        {
          kind: 'wire',
          at: 'alice',
          came: 'all',
          what: 'wire at alice: 2 lines in order',
          held: true,
          frames: [
            { at: 'alice', line: 'arp alice > broadcast who-has echo', number: 1, status: 'matched' },
            { at: 'alice', line: 'tcp alice > echo SYN', number: 3, status: 'matched' },
          ],
        },
      ],
      shows: ['C1', 'P2'],
    },
  },
  {
    wire: cutOffWire(),
    step: {
      name: 'the connection is open within two seconds',
      did: `tcp ${addressOf('alice')}:40001 > ${addressOf('echo')}:9000`,
      status: 'failed',
      checks: [
        {
          kind: 'wire',
          at: 'alice',
          came: 'all',
          what: 'the SYN leaves alice',
          held: true,
          frames: [{ at: 'alice', line: 'tcp alice > echo SYN', number: 1, status: 'matched' }],
        },
        {
          kind: 'wire',
          at: 'alice',
          came: 'part',
          what: 'wire at alice: tcp echo > alice SYN+ACK',
          held: false,
          expected: 'tcp echo > alice SYN+ACK after frame 13',
          found: '2 more frames, both tcp alice > echo SYN: 14, 15',
          why: 'SYN left alice, never reached echo: cut by step 7',
          frames: [
            { at: 'alice', line: 'tcp echo > alice SYN+ACK', after: 1, status: 'missing' },
            { at: 'alice', line: 'tcp alice > echo SYN', number: 3, status: 'forbidden' },
          ],
        },
      ],
    },
  },
  {
    wire: mixture(),
    step: { name: 'everybody is asked, one answers, and nobody listens at port 9999', at: 'bob' },
  },
  {
    wire: download(300),
    step: { name: 'a file comes whole', kind: 'download', did: 'download note.bin from files' },
  },
  {
    step: { name: 'bob listens', at: 'bob', kind: 'listen', did: 'bob listens at tcp 9101', explained: true },
  },
];

/** `frames` of one step are numbered on from those of the step before. */
export function tracedRun(): RunResult {
  const frames: SeenFrame[] = [];
  const steps = PARTS.map(({ wire, step }, index): StepResult => {
    const first = frames.length + 1;
    const start = index * 20;
    for (const seen of wire?.frames ?? []) frames.push(later(seen, first - 1, start));
    const checks = (step.checks ?? [{ kind: 'did', what: 'it is so', held: true }]).map((check: Check) => ({
      ...check,
      ...(check.frames && { frames: check.frames.map((line) => shifted(line, first - 1)) }),
    }));
    return {
      index: index + 1,
      name: '',
      at: 'alice',
      kind: 'tcp',
      did: `tcp ${addressOf('alice')}:40000 > ${addressOf('echo')}:9000, sent "hello"`,
      status: 'held',
      started: new Date((BEGAN.seconds + start) * 1000).toISOString(),
      took: 12.4,
      shows: [],
      where: { file: FILE, line: 10 + 5 * index, column: 5 },
      ...step,
      checks,
    };
  });
  const program: Record<string, string> = {
    echo: 'tcp-echo',
    bounce: 'udp-echo',
    clock: 'time',
    files: 'files',
    chat: 'chat',
  };
  return {
    ...runOf([...steps, { ...skippedStep, index: 6 }]),
    hosts: cards.map(({ host, mac, addresses }) => ({
      name: host,
      interfaces: [{ name: 'eth0', network: 'office', addresses: [addresses[0]!], mac }],
      ...(program[host] && { program: program[host] }),
    })),
    captured: capturedOf(frames),
  };
}

/** As the cards captured them. */
export function capturedOf(frames: readonly SeenFrame[]): NonNullable<RunResult['captured']> {
  const all = [...new Set(frames.flatMap(({ sightings }) => sightings.map(({ card }) => card)))];
  return {
    cards: all,
    frames: frames.flatMap(({ frame: { bytes, length }, sightings }) =>
      sightings.map(({ card, seconds, nanoseconds }) => ({
        ...{ bytes, length, seconds, nanoseconds },
        card: all.indexOf(card),
      })),
    ),
    losses: [],
  };
}

function later(seen: SeenFrame, numbers: number, seconds: number): SeenFrame {
  const sightings = seen.sightings.map((one) => ({ ...one, seconds: one.seconds + seconds }));
  return { ...seen, number: seen.number + numbers, sightings };
}

function shifted<Line extends { number?: number; after?: number }>(line: Line, by: number): Line {
  const { number, after } = line;
  return {
    ...line,
    ...(number !== undefined && { number: number + by }),
    ...(after !== undefined && { after: after + by }),
  };
}

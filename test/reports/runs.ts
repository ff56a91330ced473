/** Results of runs made by hand: every case that a report tells apart. */
import type { Capabilities } from '../../lab/agent/protocol.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import type { RunResult } from '../../lab/reports/result.ts';

const FILE = 'scenarios/example.yaml';
const began = Date.parse('2026-03-01T10:00:00.000Z');

const able: Capabilities = {
  patch: true,
  offload: true,
  frames: true,
  capture: true,
  ping: true,
  sockets: true,
  lease: true,
  serve: true,
};
const noPing = { why: 'ping is not installed', hint: 'apt-get install iputils-ping' };

function step(index: number, rest: Partial<StepResult>): StepResult {
  return {
    index,
    name: `step ${index}`,
    at: 'alice',
    kind: 'tcp',
    did: 'tcp 10.50.1.21:40000 > 10.50.1.10:9000, sent "hello"',
    status: 'held',
    checks: [{ kind: 'received', came: 'all', what: 'received "HELLO"', held: true, took: 1.5 }],
    started: new Date(began + index * 1000).toISOString(),
    took: 2.25 * index,
    shows: [],
    where: { file: FILE, line: 10 + 5 * index, column: 5 },
    ...rest,
  };
}

export const heldStep = step(1, {
  name: 'the server answers in capitals, and saw its client',
  checks: [
    { kind: 'received', came: 'all', what: 'received "HELLO"', held: true, took: 1.5 },
    {
      kind: 'seen',
      by: 'echo',
      came: 'all',
      what: 'seen by echo: accept 10.50.1.21:40000 > 10.50.1.10:9000',
      brief: 'seen by echo: accept',
      held: true,
      took: 0.25,
    },
  ],
  shows: ['C1', 'P2'],
});

export const failedStep = step(2, {
  name: 'nobody listens there: 100% of connects, #1 and #2, are refused',
  at: 'bob',
  status: 'failed',
  did: 'tcp 10.50.1.22:40001 > 10.50.1.10:9999',
  checks: [
    { kind: 'action', what: 'connected', held: true },
    {
      kind: 'failed',
      claimed: 'refused',
      what: 'fails: refused',
      held: false,
      expected: 'refused',
      found: 'no failure',
      why: 'it was <accepted> & kept',
    },
    {
      kind: 'seen',
      by: 'echo',
      came: 'other',
      what: 'seen by echo',
      held: false,
      expected: `receive "${'a long word or two, '.repeat(8)}the end" from 10.50.1.22:40001`,
      found: 'no such event',
    },
  ],
  shows: ['C6'],
});

export const skippedStep = step(3, {
  name: 'the other side answers an echo request',
  kind: 'ping',
  did: 'ping echo',
  status: 'skipped',
  checks: [],
  skipped: noPing,
});

const incompleteStep = step(3, {
  name: 'nothing else comes',
  status: 'incomplete',
  checks: [
    { kind: 'action', what: 'connected', held: true },
    {
      kind: 'wire',
      at: 'echo',
      came: 'all',
      what: "on echo's wire",
      held: false,
      incomplete: true,
      expected: 'a complete capture',
      found: 'never `udp alice > echo` (among 0 frames)',
      why: '3 frames were dropped at echo',
    },
  ],
});

const longStep = step(4, {
  name: 'a step with much to tell',
  at: 'bob',
  did: `bob runs ${'a-program --with many options '.repeat(6)}`,
  explained: true,
  checks: ['one', 'two', 'three'].map((word) => {
    return { kind: 'received', came: 'all', what: `received ${`${word} `.repeat(15)}`, held: true };
  }),
});

const notReached: StepResult = {
  ...step(4, { name: 'the last one', status: 'skipped', checks: [], took: 0 }),
  skipped: { why: 'the run was stopped before this step was over', hint: 'see what stopped it' },
};
delete notReached.started;

export function runOf(steps: StepResult[], rest: Partial<RunResult> = {}): RunResult {
  const count = (status: StepResult['status']) => steps.filter((step) => step.status === status).length;
  const checks = steps.flatMap((step) => step.checks);
  const card = (address: string, mac: string) => ({
    name: 'eth0',
    network: 'office',
    mac,
    addresses: [address],
  });
  return {
    scenario: { file: FILE, lab: 'example', about: 'Some of this & that.' },
    engine: { name: 'netns', version: 'rootless, Linux 6.18', why: ['asked for'] },
    versions: { lanlab: '0.1.0', node: '24.0.0', system: 'Linux 6.18 x64' },
    networks: [{ name: 'office', subnets: ['10.50.1.0/24'] }],
    hosts: [
      {
        name: 'echo',
        interfaces: [card('10.50.1.10', '02:00:00:00:00:0a')],
        program: 'tcp-echo',
        capabilities: able,
      },
      {
        name: 'alice',
        interfaces: [card('10.50.1.21', '02:00:00:00:00:15')],
        capabilities: { ...able, ping: noPing },
      },
      { name: 'bob', interfaces: [card('10.50.1.22', '02:00:00:00:00:16')], capabilities: able },
    ],
    started: new Date(began).toISOString(),
    strict: false,
    steps,
    held: count('held'),
    failed: count('failed'),
    incomplete: count('incomplete'),
    skipped: count('skipped'),
    checks: { held: checks.filter(({ held }) => held).length, all: checks.length },
    took: { up: 1740.123, steps: 974, down: 179.4 },
    ...rest,
  };
}

export const clean = runOf([heldStep]);
export const unsure = runOf([heldStep, failedStep, incompleteStep]);
export const mixed = runOf([heldStep, failedStep, skippedStep, longStep]);
export const strict = runOf([heldStep, skippedStep], { strict: true });
export const interrupted = runOf([heldStep, failedStep, notReached], {
  stopped: { code: 'interrupted', message: 'interrupted (SIGINT); the lab has been taken down' },
});
/** An engine that failed on the way: no step was reached, and no host is known to be up. */
export const neverUp = runOf([notReached], {
  strict: true,
  hosts: [{ name: 'echo', interfaces: [], program: 'tcp-echo' }],
  took: { up: 12, steps: 0, down: 0 },
  stopped: {
    code: 'image',
    message: 'the image of echo cannot be built:\nRUN make: no such command',
    hint: 'see the last lines of the build',
    where: { file: FILE, line: 6, column: 3 },
  },
});

const counts = { doubled: 0, corrupted: 0, overtaken: 0, late: 0.25 };

/** A link, a fault of both directions, and a cable that had more to carry than it could. */
export const linked = runOf([heldStep], {
  links: {
    impaired: [
      {
        link: 'office',
        on: 'office',
        direction: 'out',
        does: 'delay 20 ms',
        frames: 40,
        dropped: {},
        ...counts,
      },
      ...(['out', 'in'] as const).map((direction) => ({
        ...{ step: 1, on: 'alice – echo', direction, does: 'loss 30%', seed: 7 },
        ...{ frames: 20, dropped: { loss: 7 }, ...counts, doubled: 2, late: 3.5 },
      })),
    ],
    missed: [{ host: 'echo', card: 'eth0', direction: 'in', frames: 12 }],
  },
});

/** A lab on two machines, one of which is ahead. */
export const machines = runOf([heldStep], {
  engine: { name: 'swarm', version: '2 machines', why: ['asked for'] },
  clocks: [{ machines: ['a', 'b'], ahead: 5000.0213, uncertainty: 0.0854 }],
});

export const every = { linked, machines, clean, mixed, unsure, strict, interrupted, 'never-up': neverUp };

/** When the expectation `wire` waits, when it asks for a barrier, and what it then says. */
import { describe, expect, test } from 'vitest';
import { type Wire, wireSchema } from '../../lab/expectations/wire/value.ts';
import { wire } from '../../lab/expectations/wire.ts';
import type { Step } from '../../lab/model/types.ts';
import type { Check } from '../../lab/outcomes/check.ts';
import type { StepContext, WireView } from '../../lab/outcomes/context.ts';
import { begin, type Outcome } from '../../lab/outcomes/outcome.ts';
import { noNames } from '../../lab/wire/names.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { ACK, BEGAN, CARDS, RST, type Sent, SYN, segment, timeline } from '../wire/line-frames.ts';

const syn = segment('alice', 'echo', [40000, 9000], SYN);
const synAck = segment('echo', 'alice', [9000, 40000], SYN | ACK);
const rst = segment('echo', 'alice', [9000, 40000], RST | ACK);
const LINES = ['tcp alice > echo SYN', 'tcp echo > alice SYN+ACK'];

interface Script {
  /** What was captured when the looking begins. */
  sent: Sent[];
  /** What comes with each wait, then with the barrier. */
  coming?: Sent[][];
  atBarrier?: Sent[];
  incomplete?: string;
}

/** A view that says what was asked of it. Waits that bring nothing take as long as they are given. */
function viewOf({ sent, coming = [], atBarrier = [], incomplete }: Script) {
  let frames: SeenFrame[] = timeline(...sent);
  let all = sent;
  const barriers: (readonly string[])[] = [];
  const grow = (more: Sent[]) => {
    all = [...all, ...more];
    frames = timeline(...all);
  };
  const waits = [...coming];
  const view: WireView = {
    frames: () => frames,
    segment: () => undefined,
    resent: () => undefined,
    async more(deadline) {
      const next = waits.shift();
      if (next) grow(next);
      else await new Promise((resolve) => setTimeout(resolve, Math.max(0, deadline - performance.now())));
    },
    async barrier(hosts) {
      barriers.push(hosts);
      grow(atBarrier);
      return incomplete === undefined ? {} : { incomplete };
    },
    drain: async () => (incomplete === undefined ? {} : { incomplete }),
    began: BEGAN,
    names: noNames,
    cards: CARDS,
  };
  return { view, barriers };
}

function read(value: unknown): Wire {
  return wireSchema.parse(value);
}

const step = (more: Partial<Step> = {}): Step => ({
  index: 1,
  at: 'alice',
  kind: 'tcp',
  args: {},
  before: [],
  do: [],
  expect: [],
  within: 40,
  shows: [],
  where: { file: 'test.yaml', line: 1, column: 1 },
  ...more,
});

async function check(
  value: unknown,
  script: Script,
  more: Partial<Step> = {},
  outcome: Outcome = begin('tcp'),
) {
  const { view, barriers } = viewOf(script);
  const context = { wire: view, hosts: new Map() } as unknown as StepContext;
  return { checks: await wire.check(read(value), outcome, step(more), context), barriers };
}

function only(checks: readonly Check[]): Check {
  expect(checks).toHaveLength(1);
  return checks[0]!;
}

describe('what must come', () => {
  test('holds as soon as it has come, without a barrier', async () => {
    const { checks, barriers } = await check(LINES, { sent: [syn], coming: [[synAck]] }, { within: 600_000 });
    expect(only(checks)).toMatchObject({
      held: true,
      what: "on alice's wire: 2 lines in order (frames 1 and 2)",
    });
    expect(barriers).toEqual([]);
  });

  test('is not missing before the barrier has brought what was still on its way', async () => {
    const { checks, barriers } = await check(LINES, { sent: [syn], atBarrier: [synAck] });
    expect(only(checks).held).toBe(true);
    expect(barriers).toEqual([['alice']]);
  });

  test('is missing behind it, with the frame after which it should have come', async () => {
    const { checks } = await check(LINES, { sent: [syn, rst] });
    expect(only(checks)).toMatchObject({
      held: false,
      what: "on alice's wire: `tcp echo > alice SYN+ACK` never came",
      frames: [
        { at: 'alice', line: LINES[0], number: 1, status: 'matched' },
        { at: 'alice', line: LINES[1], after: 1, status: 'missing' },
      ],
    });
  });
});

describe('what must not come', () => {
  const never = { at: 'echo', never: ['tcp * > * RST+ACK'] };

  test('is absent only behind a barrier at the host that says so', async () => {
    const clean = await check(never, { sent: [syn] });
    expect(only(clean.checks)).toMatchObject({
      held: true,
      what: "on echo's wire: never `tcp * > * RST+ACK` (among 1 frame)",
    });
    expect(clean.barriers).toEqual([['echo']]);
    expect(only((await check(never, { sent: [syn], atBarrier: [rst] })).checks).held).toBe(false);
  });

  test('is seen at once, whatever time is left', async () => {
    const { checks } = await check(never, { sent: [syn], coming: [[rst]] }, { for: 600_000 });
    expect(only(checks)).toMatchObject({ held: false, frames: [{ number: 2, status: 'forbidden' }] });
  });

  test('ends the wait for what must come', async () => {
    const value = { in_order: LINES, never: ['tcp * > * RST+ACK'] };
    const { checks } = await check(value, { sent: [syn, rst] }, { within: 600_000 });
    // Of what was waited for no longer nothing is said.
    expect(only(checks)).toMatchObject({
      held: false,
      came: 'more',
      what: "on alice's wire: `tcp * > * RST+ACK` came, and must not",
    });
  });

  test('is looked for as long as `for` says', async () => {
    const late = { sent: [syn], coming: [[], [], [rst]] };
    expect(only((await check(never, late)).checks).held).toBe(true);
    expect(only((await check(never, late, { for: 5_000 })).checks).held).toBe(false);
  });
});

test('a capture that is incomplete is never green, also where what was asked for is in it', async () => {
  const { checks } = await check(['tcp alice > echo SYN'], {
    sent: [syn],
    incomplete: 'one frame is missing',
  });
  expect(only(checks)).toMatchObject({ held: false, incomplete: true, why: 'one frame is missing' });
});

test('a capture that is incomplete claims nothing', async () => {
  const script = { sent: [syn], incomplete: '3 frames were dropped at alice' };
  for (const value of [
    LINES,
    { never: ['udp * > *'] },
    { count: { [LINES[0]!]: 1 } },
    { only: [LINES[0]] },
  ]) {
    const { checks } = await check(value, script);
    expect(only(checks)).toMatchObject({
      held: false,
      incomplete: true,
      why: '3 frames were dropped at alice',
    });
  }
});

test('a number is exact behind a barrier, and a least number needs none', async () => {
  const exact = await check({ count: { [LINES[0]!]: 1 } }, { sent: [syn], atBarrier: [syn] });
  expect(only(exact.checks)).toMatchObject({ held: false, found: '2 times (frames 1 and 2)' });
  const least = await check({ count: { [LINES[0]!]: '>= 2' } }, { sent: [syn], coming: [[syn]] });
  expect(only(least.checks).held).toBe(true);
  expect(least.barriers).toEqual([]);
});

test('each host of each viewpoint is a check of its own', async () => {
  const value = [{ at: ['alice', 'echo'], in_order: [LINES[0]] }, { never: ['udp * > *'] }];
  const { checks } = await check(value, { sent: [syn] });
  expect(checks.map(({ what }) => what)).toEqual([
    "on alice's wire: `tcp alice > echo SYN` (frame 1)",
    "on echo's wire: `tcp alice > echo SYN` (frame 1)",
    "on alice's wire: never `udp * > *` (among 1 frame)",
  ]);
  expect(wire.captures?.(read(value), step())).toEqual(['alice', 'echo']);
});

describe("a line without ports is about the step's own conversation", () => {
  const local = { address: '10.50.1.21', port: 40002 };
  const remote = { address: '10.50.1.10', port: 9000 };

  test('where the step has its tuple', async () => {
    const outcome: Outcome = { ...begin('tcp'), tuple: { transport: 'tcp', local, remote } };
    const found = only((await check([LINES[0]], { sent: [syn] }, {}, outcome)).checks).found;
    expect(found).toContain("source port is 40000, not 40002 (of this step's own conversation)");
  });

  test('where a failure told its local end, even as the wildcard address', async () => {
    const failure = {
      kind: 'refused',
      errno: 'ECONNREFUSED',
      syscall: 'connect',
      message: '',
      after: 1,
    } as const;
    const of = (port: number): Outcome => ({
      ...begin('tcp'),
      target: { transport: 'tcp', ...remote },
      failure: { ...failure, local: { address: '0.0.0.0', port } },
    });
    expect(only((await check([LINES[0]], { sent: [syn] }, {}, of(40000))).checks).held).toBe(true);
    expect(only((await check([LINES[0]], { sent: [syn] }, {}, of(40002))).checks).held).toBe(false);
  });
});

test('without any capture it does not hold', async () => {
  const context = { hosts: new Map() } as unknown as StepContext;
  expect(only(await wire.check(read(LINES), begin('tcp'), step(), context)).held).toBe(false);
});

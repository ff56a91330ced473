/** When the expectation `wire` waits, when it asks for a barrier, and what it then says. */
import { describe, expect, test } from 'vitest';
import { type Wire, wireSchema } from '../../lab/expectations/wire/value.ts';
import { wire } from '../../lab/expectations/wire.ts';
import type { Step } from '../../lab/model/types.ts';
import type { Check } from '../../lab/outcomes/check.ts';
import type { StepContext, WireView } from '../../lab/outcomes/context.ts';
import { begin, type Outcome } from '../../lab/outcomes/outcome.ts';
import { noNames } from '../../lab/wire/names.ts';
import { type Clocked, ONE_CLOCK } from '../../lab/wire/order.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { ACK, asks, BEGAN, CARDS, RST, type Sent, SYN, segment, timeline } from '../wire/line-frames.ts';

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
  clocks?: Clocked;
}

/** A view that says what was asked of it. Waits that bring nothing take as long as they are given. */
function viewOf({ sent, coming = [], atBarrier = [], incomplete, clocks = ONE_CLOCK }: Script) {
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
    clocks,
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

describe('lines that name their hosts', () => {
  const asked = asks('alice', 'echo');
  const toBob = segment('alice', 'bob', [40001, 9000], SYN);
  const known = (milliseconds: number): Clocked => ({
    machineOf: (host) => `${host}'s machine`,
    error: () => ({ least: -milliseconds * 1e6, most: milliseconds * 1e6 }),
  });
  const look = async (lines: Record<string, string>[], script: Script) =>
    only((await check({ in_order: lines }, script)).checks);

  test('are in order by a chain of frames, though no clock would tell', async () => {
    const chain = [{ alice: LINES[0]! }, { echo: LINES[0]! }, { echo: LINES[1]! }, { alice: LINES[1]! }];
    const found = await look(chain, { sent: [syn, synAck], clocks: known(5000) });
    expect(found).toMatchObject({
      held: true,
      what: 'on the wire of alice and echo: 4 lines in order (frames 1, 1, 2 and 2)',
      frames: [{ at: 'alice' }, { at: 'echo' }, { at: 'echo' }, { at: 'alice' }],
    });
  });

  test('are incomplete where two frames are nearer than the clocks are known', async () => {
    const lines = [{ echo: 'arp alice > broadcast who-has echo' }, { bob: 'tcp alice > bob SYN' }];
    const script = { sent: [asked, toBob], clocks: known(1.5) };
    expect(await look(lines, script)).toMatchObject({
      held: false,
      incomplete: true,
      found:
        'frame 1 `arp alice > broadcast who-has echo` at echo and frame 2 `tcp alice:40001 > bob:9000 SYN` at bob are 1.000 ms apart',
      why: "the clocks of the machines echo's machine and bob's machine are known to 1.500 ms, so the order of the two frames is not certain",
    });
    expect((await look(lines.toReversed(), script)).incomplete).toBe(true);
  });

  test('hold or do not where they are further apart', async () => {
    const lines = [{ echo: 'arp alice > broadcast who-has echo' }, { bob: 'tcp alice > bob SYN' }];
    const script = { sent: [asked, toBob], clocks: known(0.9) };
    expect((await look(lines, script)).held).toBe(true);
    expect(await look(lines.toReversed(), script)).toMatchObject({
      held: false,
      what: 'on the wire of bob and echo: `arp alice > broadcast who-has echo` never came at echo behind the line before',
      found: 'frame 1 `arp alice > broadcast who-has echo` was at echo before that',
      frames: [
        { status: 'matched', number: 2 },
        { status: 'missing', after: 2 },
      ],
    });
  });

  test('are incomplete where clocks could not be compared', async () => {
    const lines = [{ echo: 'arp alice > broadcast who-has echo' }, { bob: 'tcp alice > bob SYN' }];
    const { incomplete, why } = await look(lines, {
      sent: [asked, toBob],
      clocks: known(Number.POSITIVE_INFINITY),
    });
    expect(incomplete).toBe(true);
    expect(why).toContain('could not be compared in this step');
  });

  test('never hold on a capture that is incomplete', async () => {
    const found = await look([{ alice: LINES[0]! }], { sent: [syn], incomplete: 'one frame is missing' });
    expect(found).toMatchObject({ held: false, incomplete: true, why: 'one frame is missing' });
  });

  test('need captures at their hosts alone, and other lists are checks of their own', async () => {
    const named = { in_order: [{ echo: LINES[0]! }, { bob: LINES[1]! }] };
    expect(wire.captures?.(read(named), step())).toEqual(['echo', 'bob']);
    expect(wire.captures?.(read({ ...named, never: ['udp * > *'] }), step())).toEqual([
      'alice',
      'echo',
      'bob',
    ]);
    const { checks } = await check(
      { in_order: [{ echo: LINES[0]! }], never: ['udp * > *'] },
      { sent: [syn] },
    );
    expect(checks.map(({ what }) => what)).toEqual([
      'on the wire of echo: 1 line in order (frame 1)',
      "on alice's wire: never `udp * > *` (among 1 frame)",
    ]);
  });

  test('have one host each', () => {
    const two = wireSchema.safeParse({ in_order: [{ alice: LINES[0], echo: LINES[1] }] });
    expect(JSON.stringify(two.error)).toContain('a line of `in_order` has one host');
  });
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

/** What a run of a false world comes to, and what a claim then is. Without a lab: results are made. */
import { expect, test } from 'vitest';
import { type Finding, findingOf, type Ran } from '../../lab/claims/false-world.ts';
import { proofJson } from '../../lab/claims/json.ts';
import { proveClaims } from '../../lab/claims/prove.ts';
import { proofText } from '../../lab/claims/text.ts';
import type { Control, Scenario } from '../../lab/model/types.ts';
import type { Check } from '../../lab/outcomes/check.ts';
import type { StepResult } from '../../lab/outcomes/step-result.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const where = { file: 'x.yaml', line: 1, column: 1 };
const HELD: Check = { kind: 'action', what: 'connected', held: true };
const REFUSED: Check = {
  kind: 'failed',
  what: 'fails: timeout',
  held: false,
  found: 'refused: ECONNREFUSED',
  why: 'RST from echo',
};

function step(index: number, checks: Check[], status?: StepResult['status']): StepResult {
  return {
    index,
    name: `number ${index}`,
    at: 'alice',
    kind: 'tcp',
    did: 'it',
    status: status ?? (checks.every(({ held }) => held) ? 'held' : 'failed'),
    checks,
    started: '2026-01-01T00:00:00Z',
    took: 1,
    shows: [],
    where,
    ...(status === 'skipped' && { skipped: { why: 'no nft here', hint: 'install it' } }),
  };
}

function judge(steps: StepResult[], fails: Control['fails'], more: Partial<Ran> = {}): Promise<Finding> {
  return findingOf({ steps, ...more }, { claims: ['C16'], steps: [], fails, where });
}

const FORETOLD = { check: 'fails: timeout', found: 'ECONNREFUSED' };

test('a control that fails in the check and with the value that were foretold is as foretold', async () => {
  expect(await judge([step(1, [HELD]), step(2, [HELD, REFUSED])], FORETOLD)).toEqual({
    how: 'as foretold',
    check: 'fails: timeout',
    found: 'refused: ECONNREFUSED',
  });
});

test('texts are parts, patterns stand between slashes, and evidence counts where it is foretold', async () => {
  const how = async (fails: Control['fails']) => (await judge([step(1, [REFUSED])], fails)).how;
  expect(await how({ check: '/^fails/', found: '/^refused: E[A-Z]+$/' })).toBe('as foretold');
  expect(await how({ check: '/^timeout/', found: 'refused' })).toBe('otherwise');
  expect(await how({ ...FORETOLD, why: 'RST' })).toBe('as foretold');
  expect(await how({ ...FORETOLD, why: 'ICMP' })).toBe('otherwise');
});

test('check and value must be of one and the same check', async () => {
  const other: Check = {
    kind: 'seen',
    by: 'echo',
    came: 'nothing',
    what: 'seen by echo',
    held: false,
    found: 'no event',
  };
  expect(await judge([step(1, [REFUSED, other])], { check: 'seen by echo', found: 'ECONNREFUSED' })).toEqual({
    how: 'otherwise',
    found: 'fails: timeout: refused: ECONNREFUSED (RST from echo); seen by echo: no event',
    foretold: 'seen by echo: ECONNREFUSED',
  });
});

test('a control that holds is said to hold', async () => {
  expect(await judge([step(1, [HELD]), step(2, [HELD])], FORETOLD)).toEqual({ how: 'held' });
});

test('one that fails before its step has failed otherwise, whatever the step found', async () => {
  const found = await judge([step(1, [REFUSED]), step(2, [REFUSED])], FORETOLD);
  expect(found).toMatchObject({ how: 'otherwise' });
  expect(JSON.stringify(found)).toContain('line 1 (number 1) failed before it');
});

test('one that is skipped, incomplete or stopped was not tried', async () => {
  const unseen = { ...REFUSED, incomplete: true as const };
  expect(await judge([step(1, [HELD]), step(2, [unseen], 'incomplete')], FORETOLD)).toMatchObject({
    how: 'not tried',
    why: expect.stringContaining('line 1 (number 2) is incomplete'),
  });
  expect(await judge([step(1, [], 'skipped'), step(2, [REFUSED])], FORETOLD)).toEqual({
    how: 'not tried',
    why: 'line 1 (number 1) was skipped: no nft here',
  });
  const stopped = { code: 'engine', message: 'no room' } as const;
  expect(await judge([], FORETOLD, { stopped })).toEqual({ how: 'not tried', why: 'no room' });
});

const SCENARIO = loadScenario(
  `
lab: made
networks: { office: 10.50.1.0/24 }
hosts: { alice: { networks: { office: 10.50.1.21 } }, bob: { networks: { office: 10.50.1.22 } } }
steps:
  - { name: plain, at: alice, tcp: { to: "bob:1" }, shows: [C2] }
  - name: one
    at: alice
    tcp: { to: "bob:1" }
    shows: [C16, C17]
    control:
      C16: { step: { at: bob }, fails: { check: timeout, found: ECONNREFUSED } }
      C17: { without: plain, fails: { check: timeout, found: ECONNREFUSED } }
`,
  'made.yaml',
  vocabulary,
);
const [C16, C17] = SCENARIO.steps[1]!.controls!;

/** `true` is what the scenario's steps come to; by control what its world comes to. */
async function prove(
  truth: StepResult[],
  worlds: Map<Control, StepResult[]>,
  ids = ['C16', 'C17', 'C2', 'C1'],
) {
  const ran: Scenario[] = [];
  const run = async (scenario: Scenario): Promise<Ran> => {
    ran.push(scenario);
    const control = [...worlds.keys()].find(({ steps }) => steps === scenario.steps);
    return { steps: control ? worlds.get(control)! : truth };
  };
  const { proofs, labs } = await proveClaims([SCENARIO], ids, { run, jobs: 2 });
  const proved = { proofs, labs, engine: 'netns', took: 61_200 };
  return { ran, proved, verdicts: proofs.map(({ claim, verdict }) => `${claim.id} ${verdict}`) };
}

const TRUE = [step(1, [HELD]), step(2, [HELD])];

test('every scenario runs once as it is and each control once, and the verdicts follow', async () => {
  const { ran, verdicts, proved } = await prove(
    TRUE,
    new Map([
      [C16!, [step(1, [HELD]), step(2, [REFUSED])]],
      [C17!, [step(2, [HELD])]],
    ]),
  );
  expect(ran).toHaveLength(3);
  expect(verdicts).toEqual(['C1 no scenario', 'C2 no control', 'C16 shown', 'C17 control held']);
  const text = proofText(proved, { colour: false });
  expect(text).toContain('     control at line 13: held, although the claim was false\n');
  expect(text).toMatch(/\n1 shown, 3 not, on netns \(3 labs, 61.2 s\)\n$/);
  const data = JSON.parse(proofJson(proved));
  expect(data).toMatchObject({ engine: 'netns', labs: 3, took: 61_200, shown: 1, not: 3 });
  expect(data.claims.map(({ id }: { id: string }) => id)).toEqual(['C1', 'C2', 'C16', 'C17']);
  expect(data.claims[2].by[0].findings).toMatchObject([{ how: 'as foretold', line: 12 }]);
});

test('a step that does not hold in the true world shows nothing, however its control fails', async () => {
  const world = [step(1, [HELD]), step(2, [REFUSED])];
  const worlds = new Map([[C16!, world]]);
  expect((await prove([step(1, [HELD]), step(2, [REFUSED])], worlds, ['C16'])).verdicts).toEqual([
    'C16 not true here',
  ]);
  expect((await prove([step(1, [HELD]), step(2, [], 'skipped')], worlds, ['C16'])).verdicts).toEqual([
    'C16 not true here',
  ]);
});

test('only what is asked for is run', async () => {
  const { ran } = await prove(TRUE, new Map([[C17!, [step(2, [REFUSED])]]]), ['C17']);
  expect(ran).toHaveLength(2);
  expect((await prove(TRUE, new Map(), ['C2'])).ran).toEqual([]);
});

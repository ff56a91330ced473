/** What every scenario of the project must keep to, so that `claims --prove` proves something. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listClaims } from '../../lab/claims/listing.ts';
import type { Control, Step } from '../../lab/model/types.ts';
import { patternOf } from '../../lab/scenario/controls/control-form.ts';
import { loadScenarioFile } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const scenarios = await Promise.all(names.map((name) => loadScenarioFile(join(folder, name), vocabulary)));
const listed = listClaims(scenarios);

test('every step that shows a claim has a control for it', () => {
  const without = listed.flatMap(({ claim, by }) =>
    by
      .filter(({ controls }) => controls.length === 0)
      .map(({ scenario, step }) => `${claim.id}: ${scenario.lab} ${step.index}`),
  );
  expect(without).toEqual([]);
});

test('every claim is shown by a step', () => {
  expect(listed.filter(({ by }) => by.length === 0).map(({ claim }) => claim.id)).toEqual([]);
});

/** Whatever a step finds would do, so that it fails for whatever reason. */
test('no control foretells what is in every text', () => {
  const vague = listed.flatMap(({ claim, by }) =>
    by.flatMap(({ scenario, step, controls }) =>
      controls
        .filter(({ fails }) => [fails.check, fails.found].some(fitsAll))
        .map(() => `${claim.id}: ${scenario.lab} ${step.index}`),
    ),
  );
  expect(vague).toEqual([]);
});

function fitsAll(foretold: string): boolean {
  const pattern = patternOf(foretold);
  return pattern instanceof RegExp && pattern.test('§');
}

/** A cut proves nothing but reachability: what else would a step find behind one? */
test('no control cuts a cable or pulls a plug that the scenario does not', () => {
  const cutting = listed.flatMap(({ claim, by }) =>
    by.flatMap(({ scenario, step, controls }) =>
      controls
        .filter((control) => cutsMore(control, scenario.steps))
        .map(() => `${claim.id}: ${scenario.lab} ${step.index}`),
    ),
  );
  expect(cutting).toEqual([]);
});

function cutsMore({ steps }: Control, own: readonly Step[]): boolean {
  return steps.some(
    (step) =>
      isCut(step) &&
      !own.some(({ kind, args }) => kind === 'fault' && JSON.stringify(args) === JSON.stringify(step.args)),
  );
}

function isCut({ kind, args }: Step): boolean {
  return kind === 'fault' && /"(cut|unplug)"/.test(JSON.stringify(args));
}

/** Every scenario of the project, by the command that a person types. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import type { Scenario } from '../../lab/model/types.ts';
import { unsupportedSteps } from '../../lab/run/unsupported.ts';
import { loadScenarioFile } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { descendants, lanlab, ROOT, start } from '../cli/command.ts';
import { networkNamespaces } from '../namespaces.ts';
import { describeNeeding } from '../needs.ts';

export const scenarios = readdirSync(join(ROOT, 'scenarios'))
  .filter((name) => name.endsWith('.yaml'))
  .sort();
const loaded = new Map<string, Scenario>();
for (const name of scenarios) {
  loaded.set(name, await loadScenarioFile(join(ROOT, 'scenarios', name), vocabulary));
}
/** Milliseconds: some wait for others. */
const PATIENCE = 300_000;
const LAN = '01-lan.yaml';

/** `which`: those of the scenarios that are run, where not all are. */
export async function everyScenario(engine: Engine, which: readonly string[] = scenarios): Promise<void> {
  const { name } = engine;
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  const run = (scenario: string) =>
    lanlab('run', `scenarios/${scenario}`, '--engine', name, '--strict', '--on-conflict', 'wait');

  // Side by side: most of a step is waiting. Those that want the same subnet wait for each other.
  describeNeeding(name, missing, `the scenarios on ${name}`, () => {
    test.concurrent.each(scenarios.filter((scenario) => refusal(scenario, engine)))(
      '%s is refused with the step that is impossible',
      async (scenario) => {
        const { exit, stderr } = await run(scenario);
        expect(stderr).toContain(refusal(scenario, engine));
        expect(exit).toBe(3);
      },
      PATIENCE,
    );

    test.concurrent.each(which.filter((scenario) => !refusal(scenario, engine)))(
      'every check of %s holds, and none is skipped',
      async (scenario) => {
        const { exit, stdout } = await run(scenario);
        expect(stdout.split('\n').filter((line) => /^\s*[✗-] /.test(line))).toEqual([]);
        expect(exit).toBe(0);
        if (scenario === LAN) expectMany(stdout, name);
      },
      PATIENCE,
    );
  });

  describeNeeding(name, missing, `a scenario on ${name}`, () => {
    test(
      'that is interrupted by Ctrl-C ends with 130 and leaves no process',
      async () => {
        const command = start(['run', `scenarios/${LAN}`, '--engine', name, '--on-conflict', 'wait']);
        await command.printed(' 5 ');
        const below = descendants(command.pid);
        using namespaces = networkNamespaces(below);
        command.child.kill('SIGINT');
        const { exit, stderr } = await command.ended;
        expect(exit).toBe(130);
        expect(stderr).toContain('interrupted (SIGINT)');
        expect(namespaces.stillUsed()).toEqual([]);
      },
      PATIENCE,
    );
  });
}

/** What is said of the first step that this engine can never do. */
function refusal(scenario: string, engine: Engine): string | undefined {
  return unsupportedSteps(loaded.get(scenario)!, engine)[0]?.what;
}

/** The LAN is at least 25 checks, and the report says on what it ran. */
function expectMany(report: string, engine: string): void {
  const [, held, all] = /: (\d+) of (\d+) checks, on (\w+)/.exec(report) ?? [];
  expect(Number(held)).toBeGreaterThanOrEqual(25);
  expect(all).toBe(held);
  expect(report).toContain(`on ${engine} (`);
}

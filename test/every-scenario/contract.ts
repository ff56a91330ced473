/** Every scenario of the project, by the command that a person types. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { loadScenarioFile } from '../../lab/scenario/load.ts';
import type { Scenario } from '../../lab/scenario/types.ts';
import { unsupportedSteps } from '../../lab/unsupported.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { descendants, lanlab, networkNamespaces, ROOT, start, stillUsed } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const scenarios = readdirSync(join(ROOT, 'scenarios')).filter((name) => name.endsWith('.yaml'));
const loaded = new Map<string, Scenario>();
for (const name of scenarios) {
  loaded.set(name, await loadScenarioFile(join(ROOT, 'scenarios', name), vocabulary));
}
const LAN = 'scenarios/01-lan.yaml';

export async function everyScenario(engine: Engine): Promise<void> {
  const { name } = engine;
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.mend}`;

  describeNeeding(name, missing, `the scenarios on ${name}`, () => {
    for (const scenario of scenarios) {
      const [never] = unsupportedSteps(loaded.get(scenario)!, engine);
      if (never) {
        test(`${scenario} is refused: ${never.what}`, async () => {
          const { exit, stderr } = await lanlab('run', `scenarios/${scenario}`, '--engine', name);
          expect(stderr).toContain(never.what);
          expect(exit).toBe(3);
        });
        continue;
      }
      test(`every check of ${scenario} holds, and none is skipped`, async () => {
        const { exit, stdout } = await lanlab('run', `scenarios/${scenario}`, '--engine', name, '--strict');
        expect(stdout.split('\n').filter((line) => /^\s*[✗-] /.test(line))).toEqual([]);
        expect(exit).toBe(0);
      }, 120_000);
    }

    test('the LAN is at least 25 checks, and the report says on what it ran', async () => {
      const { stdout } = await lanlab('run', LAN, '--engine', name);
      const [, held, all] = /: (\d+) of (\d+) checks, on (\w+)/.exec(stdout) ?? [];
      expect(Number(held)).toBeGreaterThanOrEqual(25);
      expect(all).toBe(held);
      expect(stdout).toContain(`on ${name} (`);
    }, 120_000);

    test('Ctrl-C in the middle of a run ends it with 130 and leaves no process', async () => {
      const command = start(['run', LAN, '--engine', name]);
      await command.printed(' 5 ');
      const below = descendants(command.pid);
      const namespaces = networkNamespaces(below);
      command.child.kill('SIGINT');
      const { exit, stderr } = await command.ended;
      expect(exit).toBe(130);
      expect(stderr).toContain('interrupted (SIGINT)');
      expect(stillUsed(namespaces)).toEqual([]);
    }, 60_000);
  });
}

/** `lanlab validate SCENARIO…`: everything that is wrong with them, and nothing started. */

import { planScenario } from '../plan/plan.ts';
import { plural } from '../reports/printable.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import { tell } from './say.ts';

export async function validate(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const scenario = await loadScenarioFile(file, vocabulary);
    const { hosts, networks } = planScenario(scenario);
    const counts = [
      plural(networks.length, 'network'),
      plural(hosts.length, 'host'),
      plural(scenario.steps.length, 'step'),
    ];
    tell(`${file}: ${scenario.lab} is right (${counts.join(', ')})\n`);
  }
}

/** `lanlab validate SCENARIO…`: tells every mistake in scenarios, and starts nothing. */

import type { Plan } from '../model/planned.ts';
import { planScenario } from '../plan/plan.ts';
import { graphOf } from '../reports/graph.ts';
import { linkLines } from '../reports/graph-text.ts';
import { plural } from '../reports/printable.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import { tell } from './say.ts';

export async function validate(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const scenario = await loadScenarioFile(file, vocabulary);
    const plan = planScenario(scenario);
    const { hosts, networks } = plan;
    const counts = [
      plural(networks.length, 'network'),
      plural(hosts.length, 'host'),
      plural(scenario.steps.length, 'step'),
    ];
    tell(`${file}: ${scenario.lab} is right (${counts.join(', ')})\n${linksOf(plan)}`);
  }
}

const WIDTH = 100;

/** The values of each link, with presets and units written out. */
function linksOf(plan: Plan): string {
  const lines = linkLines(graphOf(plan), WIDTH);
  return lines.map((line) => `  ${line}\n`).join('');
}

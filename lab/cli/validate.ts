/** `lanlab validate SCENARIO…`: everything that is wrong with them, and nothing started. */
import type { Command } from 'commander';
import { plural } from '../reports/printable.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { planScenario } from '../scenario/plan.ts';
import { vocabulary } from '../vocabulary.ts';

export function validateCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('validate')
    .description('read scenarios, say everything that is wrong with them, start nothing')
    .argument('<scenario...>', 'scenario files')
    .action(async (files: string[]) => {
      for (const file of files) {
        const scenario = await loadScenarioFile(file, vocabulary);
        const { hosts, networks } = planScenario(scenario);
        const counts = [
          plural(networks.length, 'network'),
          plural(hosts.length, 'host'),
          plural(scenario.steps.length, 'step'),
        ];
        process.stdout.write(`${file}: ${scenario.lab} is right (${counts.join(', ')})\n`);
      }
      done(0);
    });
}

/** `lanlab compose SCENARIO`: a compose file that runs a scenario where there is nothing but Docker. */
import { relative } from 'node:path';
import type { Command } from 'commander';
import { composeEngine } from '../engines/compose/engine.ts';
import { composeFile } from '../engines/compose/file.ts';
import { PACKAGE_ROOT } from '../engines/package-root.ts';
import { LabError } from '../errors.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { planScenario } from '../scenario/plan.ts';
import type { Plan } from '../scenario/planned.ts';
import { bringUp } from '../up.ts';
import { vocabulary } from '../vocabulary.ts';
import { interruption } from './terminal.ts';

export function composeCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('compose')
    .description('print a compose file for a scenario: runs it where there is nothing but Docker')
    .argument('<scenario>', 'a scenario file, for instance scenarios/01-lan.yaml')
    .action(async (file: string) => {
      process.stdout.write(await composeText(file));
      done(0);
    });
  program
    .command('set-up', { hidden: true })
    .description('inside a compose file: tell the hosts their cards, names and files')
    .argument('<scenario>')
    .action(async (file: string) => {
      await setUp(await loadPlan(file));
      done(0);
    });
}

/** The file is meant for the folder that the command is called in: its paths begin there. Throws LabError. */
export async function composeText(file: string): Promise<string> {
  const plan = await loadPlan(file);
  const never = composeEngine().unsupported(plan);
  if (never.length > 0) {
    throw new LabError('unsupported', `a compose file cannot hold this: ${never.join('; ')}`, {
      mend: 'run it on another engine (lanlab engines)',
    });
  }
  return composeFile(file, plan, { root: relative('.', PACKAGE_ROOT) || '.' });
}

async function loadPlan(file: string): Promise<Plan> {
  return planScenario(await loadScenarioFile(file, vocabulary));
}

/** Hosts as their agents set them up; the programs are Docker Compose's to start, when this is over. */
async function setUp(plan: Plan): Promise<void> {
  using interrupted = interruption();
  const hosts = plan.hosts.map(({ program: _, ...host }) => host);
  const progress = (line: string) => void process.stdout.write(`${line}\n`);
  await using _lab = await bringUp({ ...plan, hosts }, composeEngine(), {
    progress,
    signal: interrupted.signal,
  });
}

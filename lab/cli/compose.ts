/** `lanlab compose SCENARIO`: a compose file that runs a scenario where there is nothing but Docker. */
import { relative } from 'node:path';
import { composeEngine } from '../engines/compose/engine.ts';
import { composeFile } from '../engines/compose/file.ts';
import { PACKAGE_ROOT } from '../engines/package-root.ts';
import { LabError } from '../errors.ts';
import { bringUp } from '../live/up.ts';
import type { Plan } from '../model/planned.ts';
import { planScenario } from '../plan/plan.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { vocabulary } from '../vocabulary.ts';
import { tell } from './say.ts';
import { interruption } from './terminal.ts';

/** The file is meant for the folder that the command is called in: its paths begin there. Throws LabError. */
export async function composeText(file: string): Promise<string> {
  const plan = await loadPlan(file);
  const never = composeEngine().unsupported(plan);
  if (never.length > 0) {
    throw new LabError('unsupported', `a compose file cannot hold this: ${never.join('; ')}`, {
      hint: 'run it on another engine (lanlab engines)',
    });
  }
  return composeFile(file, plan, { root: relative('.', PACKAGE_ROOT) || '.' });
}

async function loadPlan(file: string): Promise<Plan> {
  return planScenario(await loadScenarioFile(file, vocabulary));
}

/** Lets the agents set their hosts up. Docker Compose starts the programs when this is over. */
export async function setUp(file: string): Promise<void> {
  const plan = await loadPlan(file);
  using interrupted = interruption();
  const hosts = plan.hosts.map(({ program: _, ...host }) => host);
  const progress = (line: string) => void tell(`${line}\n`);
  await using _lab = await bringUp({ ...plan, hosts }, composeEngine(), {
    progress,
    signal: interrupted.signal,
  });
}

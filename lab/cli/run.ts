/** `lanlab run SCENARIO…`: bring up, do the steps, report, take down. */
import { type Command, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { type Choice, chooseEngine } from '../engines/index.ts';
import { stepText, summaryText, topologyText } from '../reports/text.ts';
import { type RunResult, runScenario } from '../run.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Plan } from '../scenario/planned.ts';
import type { Scenario } from '../scenario/types.ts';
import { vocabulary } from '../vocabulary.ts';
import { startProgress } from './progress.ts';
import { coloured, interruption } from './terminal.ts';

interface RunArguments {
  engine?: EngineName;
  strict?: boolean;
}

export function engineOption(): Option {
  return new Option('--engine <name>', 'what brings the hosts up').choices([...ENGINE_NAMES]);
}

export function runCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('run')
    .description('bring scenarios up, do their steps, report, take down')
    .argument('<scenario...>', 'scenario files, for instance scenarios/01-lan.yaml')
    .addOption(engineOption())
    .option('--strict', 'a step that is skipped for what this machine lacks is a failure')
    .action(async (files: string[], options: RunArguments) => done(await run(files, options)));
}

/** All are read before anything starts, so that a slip in the last one costs nothing. */
async function run(files: string[], options: RunArguments): Promise<number> {
  const scenarios: Scenario[] = [];
  for (const file of files) scenarios.push(await loadScenarioFile(file, vocabulary));
  using interrupted = interruption();
  const choice = await chooseEngine(options.engine);
  let exitCode = 0;
  for (const scenario of scenarios) {
    const result = await runOne(scenario, choice, interrupted.signal);
    if (result.failed > 0 || (options.strict && result.skipped > 0)) exitCode = 1;
  }
  return exitCode;
}

async function runOne(scenario: Scenario, choice: Choice, signal: AbortSignal): Promise<RunResult> {
  const colour = coloured(process.stdout);
  const print = (text: string) => process.stdout.write(text);
  print(heading(scenario, choice));
  const bringingUp = startProgress(`bringing up ${scenario.lab}`);
  const ready = async (plan: Plan) => {
    await bringingUp.done('well');
    print(`\n${topologyText(plan, { colour })}\n`);
  };
  try {
    const result = await runScenario(scenario, {
      engine: choice.engine,
      signal,
      progress: bringingUp.say,
      ready,
      step: (step) => print(stepText(step, { colour })),
    });
    print(`\n${summaryText(result, { colour })}`);
    return result;
  } catch (error) {
    await bringingUp.done('badly');
    throw error;
  }
}

function heading({ lab, about }: Scenario, { engine, report, why }: Choice): string {
  const title = about === undefined ? lab : `${lab}: ${about}`;
  const on = `on ${engine.name} (${report.version ?? 'no version'})`;
  return [title, on, ...why.map((line) => `  ${line}`), ''].join('\n');
}

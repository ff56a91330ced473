/** `lanlab run SCENARIO…`: bring up, do the steps, report, take down. */
import { type Command, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { type Choice, chooseEngine } from '../engines/index.ts';
import { runInOwner } from '../owner/kept-run.ts';
import type { LabState } from '../owner/state.ts';
import { type RunResult, succeeded, wasReached } from '../reports/result.ts';
import { summaryText } from '../reports/summary.ts';
import { headingText, stepText, topologyText } from '../reports/text.ts';
import { runScenario } from '../run.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Plan } from '../scenario/planned.ts';
import type { Scenario } from '../scenario/types.ts';
import type { StepResult } from '../steps/run-step.ts';
import { vocabulary } from '../vocabulary.ts';
import { entryText } from './labs.ts';
import { startProgress } from './progress.ts';
import { addReportOptions, openReports, type ReportArguments } from './report-files.ts';
import { coloured, interruption } from './terminal.ts';

interface RunArguments extends ReportArguments {
  engine?: EngineName;
  strict?: boolean;
  keep?: boolean;
}

export function engineOption(): Option {
  return new Option('--engine <name>', 'what brings the hosts up').choices([...ENGINE_NAMES]);
}

export function runCommand(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('run')
    .description('bring scenarios up, do their steps, report, take down')
    .argument('<scenario...>', 'scenario files, for instance scenarios/01-lan.yaml')
    .addOption(engineOption())
    .option('--strict', 'a step that is skipped for what this machine lacks is a failure')
    .option('--keep', 'leave a lab up in which a step did not hold, and say how to get into it');
  addReportOptions(command).action(async (files: string[], options: RunArguments) =>
    done(await run(files, options)),
  );
}

/** All are read before anything starts, so that a slip in the last one costs nothing. */
async function run(files: string[], options: RunArguments): Promise<number> {
  const scenarios: Scenario[] = [];
  for (const file of files) scenarios.push(await loadScenarioFile(file, vocabulary));
  const reports = await openReports(options);
  using interrupted = interruption();
  const choice = await chooseEngine(options.engine);
  const print = (text: string) => {
    if (!reports.takesStandardOutput) process.stdout.write(text);
  };
  const results: RunResult[] = [];
  try {
    for (const scenario of scenarios) {
      await runOne(scenario, {
        choice,
        strict: options.strict ?? false,
        keep: options.keep ?? false,
        signal: interrupted.signal,
        print,
        over: (result) => results.push(result),
      });
    }
  } finally {
    await reports.write(results);
  }
  return results.every(succeeded) ? 0 : 1;
}

interface Circumstances {
  choice: Choice;
  strict: boolean;
  /** Leave it up where a step did not hold. */
  keep: boolean;
  signal: AbortSignal;
  print(text: string): void;
  /** Told the result, also that of a run that was stopped. */
  over(result: RunResult): void;
}

async function runOne(
  scenario: Scenario,
  { choice, strict, keep, signal, print, over }: Circumstances,
): Promise<void> {
  const look = { colour: coloured(process.stdout), width: process.stdout.columns };
  print(headingText(scenario, choice, look));
  const bringingUp = startProgress(`bringing up ${scenario.lab}`);
  const ready = async (plan: Plan) => {
    await bringingUp.done('well');
    print(`\n${topologyText(plan, look)}\n`);
  };
  try {
    let kept = '';
    const options = {
      strict,
      signal,
      progress: bringingUp.say,
      ready,
      step: (step: StepResult) => print(stepText(step, look)),
      stopped: (result: RunResult) => {
        if (result.steps.some(wasReached)) print(`\n${summaryText(result, look)}`);
        over(result);
      },
      kept: (lab: LabState) => {
        kept = `\n${lab.lab} is still up (${lab.id})\n${entryText(lab, true)}`;
      },
    };
    const result = keep
      ? await runInOwner(scenario, { ...options, choice })
      : await runScenario(scenario, { ...options, engine: choice.engine, chosen: choice });
    print(`\n${summaryText(result, look)}${kept}`);
    over(result);
  } catch (error) {
    await bringingUp.done('badly');
    throw error;
  }
}

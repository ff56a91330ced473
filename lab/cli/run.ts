/** `lanlab run SCENARIO…`: bring up, do the steps, report, take down. */
import type { EngineName, OnConflict } from '../engines/engine.ts';
import { type Choice, chooseEngine } from '../engines/index.ts';
import { sideBySide } from '../engines/side-by-side.ts';
import { LabError } from '../errors.ts';
import type { Scenario } from '../model/types.ts';
import { type RunResult, succeeded } from '../reports/result.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { selectSteps } from '../scenario/steps/select-steps.ts';
import { vocabulary } from '../vocabulary.ts';
import { complain } from './complain.ts';
import { openReports, type ReportArguments, type Reports, wantsFrames } from './report-files.ts';
import { runOne } from './run-one.ts';
import { note, sayWaiting, tell } from './say.ts';
import { interruption } from './terminal.ts';
import { changed } from './watch.ts';

export interface RunArguments extends ReportArguments {
  engine?: EngineName;
  strict?: boolean;
  keep?: boolean;
  verbose?: boolean;
  filter?: string[];
  jobs: number;
  watch?: boolean;
  onConflict?: OnConflict;
}

/**
 * Reads all scenarios before anything starts, so that a mistake in the last one costs nothing. `choosing`: the choice of an
 * engine, where it has begun already.
 */
export async function run(
  files: string[],
  options: RunArguments,
  choosing?: Promise<Choice>,
): Promise<number> {
  const scenarios: Scenario[] = [];
  for (const file of files) {
    const scenario = await loadScenarioFile(file, vocabulary);
    if (scenario.steps.length === 0) throw noSteps(file);
    scenarios.push(options.filter ? selectSteps(scenario, options.filter, vocabulary) : scenario);
  }
  const reports = await openReports(options);
  using interrupted = interruption();
  const choice = await (choosing ?? chooseEngine(options.engine, sayWaiting));
  const results: RunResult[] = [];
  const codes: number[] = [];
  try {
    await sideBySide(scenarios, options.jobs, async (scenario) => {
      codes.push(
        await runPrinting(scenario, { choice, options, reports, results, signal: interrupted.signal }),
      );
    });
  } finally {
    await reports.write(results);
  }
  return Math.max(results.every(succeeded) ? 0 : 1, ...codes);
}

/** A run that checks nothing must not succeed. */
function noSteps(file: string): LabError {
  return new LabError('usage', `${file} has no steps: there is nothing to check`, {
    hint: `write steps, or bring it up to look around: lanlab up ${file}`,
  });
}

interface Call {
  choice: Choice;
  options: RunArguments;
  reports: Reports;
  results: RunResult[];
  signal: AbortSignal;
}

/** Where scenarios run side by side, the text of each is printed whole when its run is over. */
async function runPrinting(scenario: Scenario, call: Call): Promise<number> {
  const { choice, options, reports, results, signal } = call;
  const alone = options.jobs === 1;
  const texts: string[] = [];
  const print = (text: string) => {
    if (reports.takesStandardOutput) return;
    if (alone) tell(text);
    else texts.push(text);
  };
  const { strict = false, keep = false, verbose = false, onConflict = 'refuse' } = options;
  try {
    const over = (result: RunResult) => results.push(result);
    const capture = wantsFrames(options);
    const how = { strict, keep, verbose, onConflict, capture, quiet: !alone };
    await runOne(scenario, { choice, ...how, signal, print, over });
    return 0;
  } catch (error) {
    // A scenario that cannot run does not stop the others; an interruption ends them all.
    if (signal.aborted) throw signal.reason;
    return await complain(error);
  } finally {
    tell(texts.join(''));
  }
}

/** Runs again after each change. If a scenario is wrong, it says so and waits for the next change. */
export async function watch(
  files: string[],
  options: RunArguments,
  choosing: Promise<Choice>,
): Promise<number> {
  for (let choice: Promise<Choice> | undefined = choosing; ; choice = undefined) {
    using waiting = interruption();
    const change = changed(files, waiting.signal);
    const exitCode = await run(files, options, choice).catch(complain);
    if (exitCode === 130) return exitCode;
    note('\nwaiting for a change (Ctrl-C ends)\n');
    if (!(await change)) return exitCode;
  }
}

/** The words of `lanlab run`. */
import type { RunArguments } from '../run.ts';
import { sayWaiting } from '../say.ts';
import type { Words } from './command.ts';
import { wholeNumber } from './numbers.ts';
import {
  conflictOption,
  engineOption,
  machinesOption,
  patienceOption,
  registryOption,
  useOption,
} from './options.ts';

export const runWords: Words = (program, done) =>
  program
    .command('run')
    .description('bring scenarios up, do their steps, report, take down')
    .argument('<scenario...>', 'scenario files, for instance scenarios/01-lan.yaml')
    .addOption(patienceOption())
    .addOption(engineOption())
    .addOption(machinesOption())
    .addOption(registryOption())
    .option('--strict', 'a step that is skipped because this machine lacks something is a failure')
    .option('--keep', 'leave a lab up in which a step did not hold, and say how to get into it')
    .option(
      '--filter <text>',
      'only steps that have this text in their name, or that show this claim',
      collect,
    )
    .option('--verbose', 'all that the command of a failed step wrote to standard error, however long')
    .option('--jobs <n>', 'so many scenarios side by side', wholeNumber(1, 100), 1)
    .addOption(conflictOption())
    .option('--watch', 'run again each time one of the files changes, until Ctrl-C')
    .option('--json <file>', 'the report as JSON (lab/reports/report.schema.json); - is standard output')
    .option('--junit <file>', 'the report as JUnit XML')
    .option('--tap <file>', 'the report as TAP version 14')
    .option('--html <file>', 'the report as one page: the lab, each step, and what was on the wire')
    .option('--capture <file>', 'the frames of every host, as pcapng for Wireshark')
    .option(
      '--keys',
      'the keys of TLS in the file of --capture, so that Wireshark reads what steps said over https',
    )
    .option('--github', 'annotations of GitHub Actions (by itself where GITHUB_ACTIONS is true)')
    .option('--no-github', 'no annotations')
    .addOption(useOption())
    .action(async (files: string[], options: RunArguments) => {
      // An engine is asked in processes of their own: they run while the rest is loaded.
      const { chooseEngine } = await import('../../engines/index.ts');
      const choosing = chooseEngine(options.engine, sayWaiting);
      choosing.catch(() => {}); // The error is thrown where the choice is awaited, if the scenarios are right.
      const { run, watch } = await import('../run.ts');
      done(await (options.watch ? watch(files, options, choosing) : run(files, options, choosing)));
    });

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

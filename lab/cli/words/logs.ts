/** The words of `lanlab logs`. */
import type { LogsArguments } from '../logs.ts';
import type { Words } from './command.ts';
import { labOption } from './options.ts';

export const logsWords: Words = (program, done) =>
  program
    .command('logs')
    .description('print what the programs of a lab say: their events and their other lines')
    .argument('[host...]', 'only these hosts')
    .option('-f, --follow', 'go on until Ctrl-C')
    .option('--json', 'one JSON object on each line')
    .addOption(labOption())
    .action(async (hosts: string[], options: LogsArguments) => {
      const { logs } = await import('../logs.ts');
      done(await logs(hosts, options));
    });

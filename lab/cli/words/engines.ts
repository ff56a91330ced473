/** The words of `lanlab engines`. */
import type { Words } from './command.ts';
import { machinesOption } from './options.ts';

export const enginesWords: Words = (program, done) =>
  program
    .command('engines')
    .description('say which engines answer here, what each can do, and how to get what is missing')
    .addOption(machinesOption())
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { engines } = await import('../engines.ts');
      done(await engines(json));
    });

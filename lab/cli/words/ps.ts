/** The words of `lanlab ps`. */
import type { Words } from './command.ts';

export const psWords: Words = (program, done) =>
  program
    .command('ps')
    .description('list the labs that are up here')
    .option('--json', 'as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ps } = await import('../ps.ts');
      await ps(json);
      done(0);
    });

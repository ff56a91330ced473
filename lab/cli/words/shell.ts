/** The words of `lanlab shell`. */
import type { Words } from './command.ts';
import { labOption } from './options.ts';

export const shellWords: Words = (program, done) =>
  program
    .command('shell')
    .description('open a shell on a host of a lab that is up')
    .argument('<host>', 'a host of the lab')
    .argument('[command...]', 'after --, another program than a shell')
    .addOption(labOption())
    .usage('HOST [options] [-- COMMAND…]')
    .action(async (host: string, argv: string[], { lab }: { lab?: string }) => {
      const { shell } = await import('../shell.ts');
      done(await shell(host, argv, lab));
    });

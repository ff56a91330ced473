/** The words of `lanlab compose`, and of the command that its file calls inside. */

import { tell } from '../say.ts';
import type { Words } from './command.ts';
import { useOption } from './options.ts';

export const composeWords: Words = (program, done) => {
  program
    .command('compose')
    .description('print a compose file for a scenario: runs it where there is nothing but Docker')
    .argument('<scenario>', 'a scenario file, for instance scenarios/01-lan.yaml')
    .addOption(useOption())
    .action(async (file: string) => {
      const { composeText } = await import('../compose.ts');
      tell(await composeText(file));
      done(0);
    });
  program
    .command('set-up', { hidden: true })
    .description('inside a compose file: tell the hosts their cards, names and files')
    .argument('<scenario>')
    .action(async (file: string) => {
      const { setUp } = await import('../compose.ts');
      await setUp(file);
      done(0);
    });
};

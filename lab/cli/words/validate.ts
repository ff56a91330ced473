/** The words of `lanlab validate`. */
import type { Words } from './command.ts';
import { useOption } from './options.ts';

export const validateWords: Words = (program, done) =>
  program
    .command('validate')
    .description('read scenarios, say everything that is wrong with them, start nothing')
    .argument('<scenario...>', 'scenario files')
    .addOption(useOption())
    .action(async (files: string[]) => {
      const { validate } = await import('../validate.ts');
      await validate(files);
      done(0);
    });

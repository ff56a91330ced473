/** The words of `lanlab init`. */
import type { Words } from './command.ts';

export const initWords: Words = (program, done) =>
  program
    .command('init')
    .description('write a first scenario, with comments')
    .argument('[file]', 'where to', 'lab.yaml')
    .action(async (file: string) => {
      const { init } = await import('../init.ts');
      await init(file);
      done(0);
    });

/** The words of `lanlab down`. */
import type { Words } from './command.ts';

export const downWords: Words = (program, done) =>
  program
    .command('down')
    .description('take labs down, and remove what is left of labs whose command was killed')
    .argument('[lab...]', 'id, name or scenario file (default: the only one that is up)')
    .option('--all', 'every lab that is up')
    .action(async (words: string[], { all = false }: { all?: boolean }) => {
      const { down } = await import('../down.ts');
      done(await down(words, all));
    });

/** The words of `lanlab inspect`. */
import type { Words } from './command.ts';

export const inspectWords: Words = (program, done) =>
  program
    .command('inspect')
    .description(
      'show what a lab is planned to be, and what its hosts are: cards, routes, neighbours, sockets, programs',
    )
    .argument('[lab]', 'id, name or scenario file (default: the only one that is up)')
    .option('--json', 'as JSON')
    .action(async (word: string | undefined, { json = false }: { json?: boolean }) => {
      const { inspect } = await import('../inspect.ts');
      await inspect(word, json);
      done(0);
    });

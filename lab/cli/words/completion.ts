/** The words of `lanlab completion`. */
import { Argument } from 'commander';
import { tell } from '../say.ts';
import type { Words } from './command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export const completionWords: Words = (program, done) =>
  program
    .command('completion')
    .description('print a completion script, for instance: source <(lanlab completion bash)')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices([...SHELLS]))
    .action(async (shell: Shell) => {
      const { completion } = await import('../completion.ts');
      tell(completion(shell, program));
      done(0);
    });

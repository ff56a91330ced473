/** The words of `lanlab completion`, and of the command that its scripts ask for names. */
import { Argument } from 'commander';
import { tell } from '../say.ts';
import type { Words } from './command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The kinds of names that a script can ask for. */
export type Named = 'host' | 'lab';
/** A command for scripts, not for people: no help lists it. */
export const NAMES_UP = '__names-up';

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

export const namesUpWords: Words = (program, done) =>
  program
    .command(NAMES_UP, { hidden: true })
    .addArgument(new Argument('<of>').choices(['host', 'lab']))
    .action(async (of: Named) => {
      const { namesUp } = await import('../names-up.ts');
      tell(await namesUp(of));
      done(0);
    });

/** The command: from the words of the command line to an exit code. */
import { CommanderError } from 'commander';
import { makeProgram } from './program.ts';

async function main(argv: string[]): Promise<number> {
  let exitCode = 0;
  const done = (code: number) => {
    exitCode = code;
  };
  try {
    await makeProgram(done).parseAsync(argv, { from: 'user' });
  } catch (error) {
    // `--help` and `--version` end so too.
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? 0 : 2;
    else exitCode = await (await import('./complain.ts')).complain(error);
  }
  return exitCode;
}

/** The first error of standard output, except a reader that has gone. After it a part of the output is missing. */
let unprinted: NodeJS.ErrnoException | undefined;
// A reader that has gone is no crash: work that is under way hears of it (terminal.ts).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') unprinted ??= error;
});
// Messages beside the result have no other place to go to.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
// The error is told when the last write has come back.
process.once('beforeExit', (code) => {
  if (unprinted) void notPrinted(unprinted, code);
});

async function notPrinted(error: NodeJS.ErrnoException, code: number): Promise<void> {
  const { complain } = await import('./complain.ts');
  const { cannotPrint } = await import('./terminal.ts');
  const { EXIT_OF } = await import('./exit-codes.ts');
  // The code that was at work has told the error.
  if (code === EXIT_OF.machine) return;
  const own = await complain(cannotPrint(error));
  process.exitCode = code === 0 ? own : code;
}

/** The command: words of the command line to an exit code. */
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

/** The first refusal of standard output that is not a reader who has gone: then what was to be said was not said. */
let unprinted: NodeJS.ErrnoException | undefined;
// A reader that has gone is no crash: whoever has work under way hears of it (terminal.ts).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') unprinted ??= error;
});
// What is beside the result has no other place to go to.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
// Told when the last write has come back.
process.once('beforeExit', (code) => {
  if (unprinted) void notPrinted(unprinted, code);
});

async function notPrinted(error: NodeJS.ErrnoException, code: number): Promise<void> {
  const { complain } = await import('./complain.ts');
  const { cannotPrint } = await import('./terminal.ts');
  const { EXIT_OF } = await import('./exit-codes.ts');
  // Whoever was at work has told it.
  if (code === EXIT_OF.machine) return;
  const own = await complain(cannotPrint(error));
  process.exitCode = code === 0 ? own : code;
}

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

// A reader that has gone is no crash: whoever has work under way hears of it (terminal.ts).
process.stdout.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));

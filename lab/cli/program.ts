/** The table of commands: a row for each. */
import { Command } from 'commander';
import { versions } from '../reports/versions.ts';
import { note, tell } from './say.ts';
import { captureWords } from './words/capture.ts';
import { claimsWords } from './words/claims.ts';
import type { Done, Words } from './words/command.ts';
import { completionWords, namesUpWords } from './words/completion.ts';
import { composeWords } from './words/compose.ts';
import { downWords } from './words/down.ts';
import { enginesWords } from './words/engines.ts';
import { execWords } from './words/exec.ts';
import { graphWords } from './words/graph.ts';
import { initWords } from './words/init.ts';
import { inspectWords } from './words/inspect.ts';
import { ladderWords } from './words/ladder.ts';
import { logsWords } from './words/logs.ts';
import { psWords } from './words/ps.ts';
import { runWords } from './words/run.ts';
import { schemaWords } from './words/schema.ts';
import { shellWords } from './words/shell.ts';
import { upWords } from './words/up.ts';
import { validateWords } from './words/validate.ts';

/** In the order in which `lanlab --help` lists them. */
const COMMANDS: readonly Words[] = [
  runWords,
  upWords,
  downWords,
  psWords,
  inspectWords,
  execWords,
  shellWords,
  logsWords,
  captureWords,
  ladderWords,
  graphWords,
  validateWords,
  claimsWords,
  enginesWords,
  composeWords,
  schemaWords,
  initWords,
  completionWords,
  namesUpWords,
];

/** `done` is called with the exit code of the command that ran. */
export function makeProgram(done: Done): Command {
  const program = new Command('lanlab')
    .description('A network lab in one file: hosts with real addresses, and what held on the wire.')
    .version(versions().lanlab)
    .showHelpAfterError('(lanlab --help shows what there is)')
    .showSuggestionAfterError()
    // An error can contain a file's name, with any character.
    .configureOutput({ writeOut: tell, writeErr: note })
    .exitOverride()
    .hook('preAction', async (_, command) => {
      if (!command.options.some(({ long }) => long === '--use')) return;
      const { useOwnWords } = await import('../api/own/load.ts');
      await useOwnWords(command.opts<{ use?: string[] }>().use);
    });
  for (const add of COMMANDS) add(program, done);
  return program;
}

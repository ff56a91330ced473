/** The commands there are: a row each. */
import { Command } from 'commander';
import { versions } from '../version.ts';
import { captureCommand } from './capture.ts';
import { claimsCommand } from './claims.ts';
import { completionCommand } from './completion.ts';
import { composeCommand } from './compose.ts';
import { downCommand } from './down.ts';
import { enginesCommand } from './engines.ts';
import { execCommand } from './exec.ts';
import { graphCommand } from './graph.ts';
import { initCommand } from './init.ts';
import { inspectCommand } from './inspect.ts';
import { ladderCommand } from './ladder.ts';
import { logsCommand } from './logs.ts';
import { psCommand } from './ps.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { shellCommand } from './shell.ts';
import { upCommand } from './up.ts';
import { validateCommand } from './validate.ts';

/** In the order in which `lanlab --help` lists them. */
const COMMANDS = [
  runCommand,
  upCommand,
  downCommand,
  psCommand,
  inspectCommand,
  execCommand,
  shellCommand,
  logsCommand,
  captureCommand,
  ladderCommand,
  graphCommand,
  validateCommand,
  claimsCommand,
  enginesCommand,
  composeCommand,
  schemaCommand,
  initCommand,
  completionCommand,
];

/** `done` is told the exit code of the command that ran. */
export function makeProgram(done: (exitCode: number) => void): Command {
  const program = new Command('lanlab')
    .description('A network lab in one file: hosts with real addresses, and what held on the wire.')
    .version(versions().lanlab)
    .showHelpAfterError('(lanlab --help shows what there is)')
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of COMMANDS) add(program, done);
  return program;
}

/** `lanlab exec HOST -- CMD…`: a command on a host, with its input, output and exit code. */
import type { Command } from 'commander';
import { LabError } from '../errors.ts';
import { agentOf, connectOwner } from '../owner/client.ts';
import { labOfHost } from '../owner/find.ts';
import { labOption, labsUp } from './labs.ts';
import { attend, type Control } from './process.ts';

interface ExecArguments {
  lab?: string;
  env?: Record<string, string>;
}

export function execCommand(program: Command, done: (exitCode: number) => void): void {
  program
    .command('exec')
    .description('run a command on a host of a lab that is up')
    .argument('<host>', 'a host of the lab')
    .argument('<command...>', 'after --, the command and its arguments')
    .addOption(labOption())
    .option('-e, --env <name=value>', 'a variable for the command; may be given again', variable)
    .usage('HOST [options] -- COMMAND…')
    .showHelpAfterError('(write -- before the command: lanlab exec HOST -- COMMAND…)')
    .action(async (host: string, argv: string[], options: ExecArguments) =>
      done(await exec(host, argv, options)),
    );
}

function variable(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new LabError('usage', `\`${text}\` is not NAME=VALUE`, { mend: 'for instance: -e LANG=C' });
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

async function exec(host: string, argv: string[], { lab, env }: ExecArguments): Promise<number> {
  const state = labOfHost(host, lab, await labsUp());
  using owner = await connectOwner(state);
  let control: Control | undefined;
  using _ = passSignals(() => control);
  return await attend(agentOf(owner, host), host, { argv, ...(env && { env }) }, process, (given) => {
    control = given;
  });
}

const PASSED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** To the command; the second Ctrl-C ends it at once. Before it runs, a signal ends us. */
function passSignals(control: () => Control | undefined): Disposable {
  let count = 0;
  const pass = (name: (typeof PASSED)[number]) => {
    const found = control();
    if (!found) process.exit(130);
    count += 1;
    found.signal(count > 1 ? 'SIGKILL' : name);
  };
  for (const name of PASSED) process.on(name, pass);
  return {
    [Symbol.dispose]: () => {
      for (const name of PASSED) process.off(name, pass);
    },
  };
}

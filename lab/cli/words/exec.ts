/** The words of `lanlab exec`. */
import { LabError } from '../../errors.ts';
import type { ExecArguments } from '../exec.ts';
import type { Words } from './command.ts';
import { labOption } from './options.ts';

export const execWords: Words = (program, done) =>
  program
    .command('exec')
    .description('run a command on a host of a lab that is up; its bytes go through as they are, as with ssh')
    .argument('<host>', 'a host of the lab')
    .argument('<command...>', 'after --, the command and its arguments')
    .addOption(labOption())
    .option('-e, --env <name=value>', 'a variable for the command; may be given again', variable)
    .usage('HOST [options] -- COMMAND…')
    .showHelpAfterError('(write -- before the command: lanlab exec HOST -- COMMAND…)')
    .action(async (host: string, argv: string[], options: ExecArguments) => {
      const { exec } = await import('../exec.ts');
      done(await exec(host, argv, options));
    });

function variable(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new LabError('usage', `\`${text}\` is not NAME=VALUE`, { hint: 'for instance: -e LANG=C' });
  }
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

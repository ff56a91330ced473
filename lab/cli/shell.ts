/** `lanlab shell HOST`: a shell on a host, at this terminal. */
import type { TerminalSize } from '../agent/protocol.ts';
import { agentOf, connectOwner } from '../daemon/client.ts';
import { labOfHost } from '../daemon/find.ts';
import { LabError } from '../errors.ts';
import { labsUp } from './labs.ts';
import { attend, type Control } from './process.ts';

/** The best shell there is; both are interactive because they have a terminal. */
const SHELL = ['sh', '-c', 'command -v bash >/dev/null && exec bash; exec sh'];

/** `command`: a program in place of a shell, with its arguments; empty for a shell. */
export async function shell(host: string, command: string[], lab: string | undefined): Promise<number> {
  const argv = command.length > 0 ? command : SHELL;
  const state = labOfHost(host, lab, await labsUp());
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new LabError('usage', 'a shell needs a terminal, and standard input is not a terminal', {
      hint: `lanlab exec ${host} -- COMMAND`,
    });
  }
  using owner = await connectOwner(state);
  let control: Control | undefined;
  using _ = rawTerminal(() => control?.resize(sizeOf()));
  const env = { TERM: process.env.TERM ?? 'xterm' };
  return await attend(agentOf(owner, host), host, { argv, env, terminal: sizeOf() }, process, (given) => {
    control = given;
  });
}

function sizeOf(): TerminalSize {
  return { columns: process.stdout.columns, rows: process.stdout.rows };
}

/** Every key goes to the host, Ctrl-C too. The terminal is always put back, also when the process ends by itself. */
function rawTerminal(resized: () => void): Disposable {
  const { stdin, stdout } = process;
  const restore = () => void (stdin.isRaw && stdin.setRawMode(false));
  const end = () => process.exit(129);
  stdin.setRawMode(true);
  stdout.on('resize', resized);
  process.once('exit', restore).once('SIGTERM', end).once('SIGHUP', end);
  return {
    [Symbol.dispose]: () => {
      restore();
      stdout.off('resize', resized);
      process.off('exit', restore).off('SIGTERM', end).off('SIGHUP', end);
    },
  };
}

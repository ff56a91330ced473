/** `lanlab exec HOST -- CMD…`: a command on a host, with its input, output and exit code. */
import { agentOf, connectOwner } from '../daemon/client.ts';
import { labOfHost } from '../daemon/find.ts';
import { labsUp } from './labs.ts';
import { attend, type Control } from './process.ts';

export interface ExecArguments {
  lab?: string;
  env?: Record<string, string>;
}

export async function exec(host: string, argv: string[], { lab, env }: ExecArguments): Promise<number> {
  const state = labOfHost(host, lab, await labsUp());
  using owner = await connectOwner(state);
  let control: Control | undefined;
  using _ = passSignals(() => control);
  return await attend(agentOf(owner, host), host, { argv, ...(env && { env }) }, process, (given) => {
    control = given;
  });
}

const PASSED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Passes signals to the command; the second Ctrl-C ends it at once. Before the command runs, a signal ends us. */
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

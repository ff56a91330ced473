/** The folder with the state of the labs that are up on this machine. No host of any lab may see it. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `LANLAB_STATE`, or `lanlab` in the folder that the system has for such things. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.LANLAB_STATE) return resolve(env.LANLAB_STATE);
  if (env.XDG_RUNTIME_DIR) return join(env.XDG_RUNTIME_DIR, 'lanlab');
  return join(env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'lanlab');
}

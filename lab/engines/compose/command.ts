/** The command `docker compose`. */
import { type ExecFileException, execFile } from 'node:child_process';
import { LabError } from '../../errors.ts';

/** Lines of its complaint that an error shows, at most. */
const LAST_LINES = 20;

/**
 * A shell that ends the command when its own input ends: when we are killed, or when we close it. Otherwise what makes
 * a lab's hosts would go on after whoever wanted them.
 */
const ENDS_WITH_US = `exec 3<&0
"$@" 3<&- </dev/null & work=$!
{ read -r _ <&3; kill "$work"; } >/dev/null 2>&1 & watch=$!
wait "$work"; code=$?
kill "$watch"; exit "$code"`;
/** What a shell says with its exit code of a command that is not there. */
const NO_COMMAND = 127;

/** Resolves with what it printed. An abort rejects once the command has ended: nothing more comes of it. */
export async function compose(args: readonly string[], signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const env = { ...process.env, COMPOSE_ANSI: 'never', COMPOSE_PROGRESS: 'plain' };
    const options = { env, maxBuffer: 16 * 1024 * 1024 };
    const command = ['-c', ENDS_WITH_US, 'sh', 'docker', 'compose', ...args];
    const child = execFile('/bin/sh', command, options, (error, stdout, stderr) => {
      signal?.removeEventListener('abort', end);
      if (!error) resolve(stdout);
      else if (signal?.aborted) reject(signal.reason);
      else reject(complaint(error, stderr));
    });
    const end = () => child.stdin?.end();
    signal?.addEventListener('abort', end, { once: true });
  });
}

function complaint(error: ExecFileException, stderr: string): LabError {
  const missing = error.code === NO_COMMAND;
  const said = missing ? 'there is no command `docker` here' : stderr.trim() || error.message;
  const lines = said.split('\n').slice(-LAST_LINES).join('\n');
  return new LabError(missing ? 'no-engine' : 'engine', `docker compose: ${lines}`, { cause: error });
}

/** `2.26.1`; what it said instead where there is none. */
export async function composeVersion(): Promise<{ version: string } | { complaint: string }> {
  try {
    const said = (await compose(['version', '--short'], AbortSignal.timeout(5_000))).trim();
    return { version: said.replace(/^v/, '') };
  } catch (error) {
    return { complaint: error instanceof Error ? error.message : String(error) };
  }
}

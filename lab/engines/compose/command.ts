/** The command `docker compose`. */
import { type ExecFileException, execFile } from 'node:child_process';
import { patient } from '../../agent/patience.ts';
import { LabError } from '../../errors.ts';

/** Lines of its complaint that an error shows, at most. */
const LAST_LINES = 20;
/** Milliseconds. For its version the command asks no engine. */
const VERSION_LIMIT = 30_000;

export interface ComposeOptions {
  env?: Record<string, string>;
  /** Milliseconds after which it is ended. */
  timeout?: number;
}

/** Resolves with its standard output. */
export async function compose(
  args: readonly string[],
  { env, timeout = 0 }: ComposeOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = { ...process.env, ...env, COMPOSE_ANSI: 'never', COMPOSE_PROGRESS: 'plain' };
    const options = { env: all, timeout, maxBuffer: 16 * 1024 * 1024 };
    execFile('docker', ['compose', ...args], options, (error, stdout, stderr) => {
      if (error) reject(complaint(error, stderr));
      else resolve(stdout);
    });
  });
}

function complaint(error: ExecFileException, stderr: string): LabError {
  // A number is its exit code.
  const missing = (error.code as unknown) === 'ENOENT';
  const silent = error.killed === true && 'it has not answered in time';
  const said = missing ? 'there is no command `docker` here' : stderr.trim() || silent || error.message;
  const lines = said.split('\n').slice(-LAST_LINES).join('\n');
  return new LabError(missing ? 'no-engine' : 'engine', `docker compose: ${lines}`, { cause: error });
}

/** `2.26.1`, or the complaint where there is no such command. */
export async function composeVersion(): Promise<{ version: string } | { complaint: string }> {
  try {
    const said = (
      await compose(['version', '--short'], { timeout: Math.round(patient(VERSION_LIMIT)) })
    ).trim();
    return { version: said.replace(/^v/, '') };
  } catch (error) {
    return { complaint: error instanceof Error ? error.message : String(error) };
  }
}

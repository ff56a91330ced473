/** A user namespace whose ids are the lab's own: made by a process that only holds it, mapped by root from outside. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { spawn } from '../../agent/spawn.ts';
import { LabError } from '../../errors.ts';
import { ID_MAP } from './modes.ts';
import { noTool } from './no-tool.ts';
import { environment } from './paths.ts';

export interface UserNamespace {
  /** The words before a command that must run as root of the namespace. */
  enter: string[];
  /** Call it once another process is in the namespace and keeps it alive. */
  letGo(): void;
}

export async function ownUserNamespace(): Promise<UserNamespace> {
  const holder = spawn('unshare', ['--user', 'sh', '-c', 'echo ready; read -r _'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(),
    cwd: '/',
    detached: true,
  });
  try {
    await ready(holder);
    // A process that entered before there was a map has no rights. One that enters now is root.
    for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, ID_MAP);
  } catch (error) {
    holder.stdin.end();
    throw error;
  }
  return {
    enter: ['nsenter', `--user=/proc/${holder.pid}/ns/user`, '--setuid', '0', '--setgid', '0', '--'],
    letGo: () => void holder.stdin.end(),
  };
}

async function ready(holder: ChildProcess): Promise<void> {
  let words = '';
  holder.stderr!.on('data', (chunk: Buffer) => {
    words += chunk;
  });
  const failed = new Promise<never>((_, reject) => {
    holder.once('error', (error) => {
      const missing = noTool(error, environment().PATH);
      reject(missing === undefined ? error : new LabError('engine', missing, { cause: error }));
    });
    holder.once('close', () => reject(new LabError('engine', words.trim() || 'unshare ended at once')));
  });
  failed.catch(() => {});
  await Promise.race([once(holder.stdout as Readable, 'data'), failed]);
}

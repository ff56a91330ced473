/** The command as a person runs it: a process of its own, what it prints, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface Ended {
  exit: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  pid: number;
  child: ChildProcess;
  /** Resolves when standard output holds this, so many times. */
  printed(text: string, times?: number): Promise<void>;
  /** The same of standard error. */
  complained(text: string, times?: number): Promise<void>;
  ended: Promise<Ended>;
}

export function start(args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(join(ROOT, 'bin/lanlab'), args, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const looks = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const look of looks) look();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const look of looks) look();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
  const holds =
    (read: () => string) =>
    (text: string, times = 1) =>
      new Promise<void>((resolve, reject) => {
        const look = () => read().split(text).length > times && resolve();
        looks.add(look);
        void ended.then(() => reject(new Error(`it ended without saying ${text}:\n${stdout}${stderr}`)));
        look();
      });
  const [printed, complained] = [holds(() => stdout), holds(() => stderr)];
  return { pid: child.pid!, child, printed, complained, ended };
}

export async function lanlab(...args: string[]): Promise<Ended> {
  return start(args).ended;
}

/** Those of the processes that still run; one that only waits for its parent's look at it has ended. */
export function running(pids: number[]): number[] {
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
    } catch {
      return false;
    }
  });
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // It has ended in the meantime.
  }
}

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** Every process below this one. */
export function descendants(pid: number): number[] {
  const children = Map.groupBy(processes(), parentOf);
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).map(Number).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

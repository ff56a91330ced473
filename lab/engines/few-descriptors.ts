/** The error where the command may not open as many files as a lab takes. */
import { readFileSync } from 'node:fs';
import { lacksDescriptors } from '../agent/descriptors.ts';
import { LabError } from '../errors.ts';

/** With fewer a lab of one host does not come up, and Node itself may fail without a clear error. */
const FEWEST = 64;

/** Throws LabError before any work begins that would fail for this reason. */
export function mustOpenFiles(): void {
  if (Number(limit()) < FEWEST) throw tooFew();
}

/** Undefined for any other error. */
export function fewDescriptors(error: unknown): LabError | undefined {
  return lacksDescriptors(error) ? tooFew(error) : undefined;
}

export function tooFew(cause?: unknown): LabError {
  return new LabError('machine', `too few files may be open at once here (${limit()} a process)`, {
    hint: 'allow more and run it again: `ulimit -n 4096`',
    cause,
  });
}

/** A line of /proc/PID/limits: its name, the soft limit, the hard one (proc_pid_limits(5)). */
function limit(): string {
  try {
    return /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown'; // Not even this file can be opened.
  }
}

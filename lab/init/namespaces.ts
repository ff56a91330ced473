/**
 * Into a host's namespaces and back. A thread is inside for the time of one piece of work that awaits nothing. All that it
 * opens or starts in this time belongs to the host. Everything else of the process goes on outside.
 */
import { closeSync, openSync } from 'node:fs';
import { enter, leaveFor, type NamespaceKind, standAlone } from './kernel.ts';

export const ALL: readonly NamespaceKind[] = ['net', 'uts', 'ipc', 'pid', 'mnt'];

/** The ways back: open files of this thread's own namespaces. */
export class Home {
  readonly #files: ReadonlyMap<NamespaceKind, number>;

  /** The calling thread must stand alone (kernel.ts). */
  constructor() {
    this.#files = open('thread-self', ALL);
  }

  /** Makes new namespaces for a host, and does `work` in them. */
  inNew<T>(work: () => T): T {
    leaveFor(ALL);
    return this.#andBack(ALL, work);
  }

  /** `first` is process 1 of the host, by its number in the lab. */
  within<T>(first: number, kinds: readonly NamespaceKind[], work: () => T): T {
    // A thread that was started since the last call shares this one's root folder until it stands alone itself.
    standAlone();
    return this.#andBack(kinds, () => {
      enterAll(first, kinds);
      return work();
    });
  }

  #andBack<T>(kinds: readonly NamespaceKind[], work: () => T): T {
    try {
      return work();
    } finally {
      this.#back(kinds);
    }
  }

  /** A thread that cannot come back would do the lab's work in a host: that must not go on. */
  #back(kinds: readonly NamespaceKind[]): void {
    try {
      for (const kind of kinds) enter(this.#files.get(kind)!, kind);
    } catch (error) {
      process.stderr.write(`the lab's first process cannot come back from a host: ${error}\n`);
      process.exit(70);
    }
  }
}

/** Opens all files before it enters the first namespace: /proc is another one afterwards. */
export function enterAll(process: number, kinds: readonly NamespaceKind[]): void {
  const files = open(process, kinds);
  try {
    for (const [kind, file] of files) enter(file, kind);
  } finally {
    for (const file of files.values()) closeSync(file);
  }
}

/** An open file for each kind, in the order in which the namespaces must be entered. */
export function open(
  process: number | 'thread-self',
  kinds: readonly NamespaceKind[],
): Map<NamespaceKind, number> {
  const files = new Map<NamespaceKind, number>();
  try {
    for (const kind of kinds) files.set(kind, openSync(namespaceFile(process, kind), 'r'));
  } catch (error) {
    for (const file of files.values()) closeSync(file);
    throw error;
  }
  return files;
}

function namespaceFile(process: number | 'thread-self', kind: NamespaceKind): string {
  return `/proc/${process}/ns/${kind === 'pid' && process === 'thread-self' ? 'pid_for_children' : kind}`;
}

/**
 * Into a host's namespaces and back. A thread is inside for the time of one piece of work that awaits nothing: what it
 * opens or starts meanwhile is the host's, everything else of the process goes on outside.
 */
import { closeSync, openSync } from 'node:fs';
import { enter, leaveFor, type NamespaceKind, standAlone } from './kernel.ts';

export const ALL: readonly NamespaceKind[] = ['net', 'uts', 'ipc', 'pid', 'mnt'];

/** Ways back, and what else of this thread's own is needed on the way. */
export class Home {
  readonly #files: ReadonlyMap<NamespaceKind, number>;

  /** Of a thread that stands alone. */
  constructor() {
    this.#files = open('thread-self', ALL);
  }

  /** Namespaces of its own for a host that comes; `work` is done in them. */
  inNew<T>(work: () => T): T {
    leaveFor(ALL);
    return this.#andBack(ALL, work);
  }

  /** `process` is any process of the host: its number in the lab. */
  within<T>(process: number, kinds: readonly NamespaceKind[], work: () => T): T {
    // A thread that was started meanwhile shares this one's root folder until it stands alone itself.
    standAlone();
    enterAll(process, kinds);
    return this.#andBack(kinds, work);
  }

  #andBack<T>(kinds: readonly NamespaceKind[], work: () => T): T {
    try {
      return work();
    } finally {
      // A thread that cannot come back would do the lab's work in a host: that must not go on.
      for (const kind of kinds) enter(this.#files.get(kind)!, kind);
    }
  }
}

/** Opened all before the first is entered: /proc is another afterwards. */
export function enterAll(process: number, kinds: readonly NamespaceKind[]): void {
  const files = open(process, kinds);
  try {
    for (const [kind, file] of files) enter(file, kind);
  } finally {
    for (const file of files.values()) closeSync(file);
  }
}

/** Of each kind an open file; the mounts last, since they are entered last. */
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

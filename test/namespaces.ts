/** The network namespaces of some processes, to see whether any process is still in one of them. */
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';

export interface Namespaces extends Disposable {
  readonly size: number;
  /** The processes of this machine that are in one of them: `712 in net:[4026532493]`. */
  stillUsed(): string[];
}

/**
 * The network namespaces of these processes that are not our own. They are kept until they are disposed of: the kernel gives
 * the number of a namespace that is gone to the next one, which may be that of a lab beside this one.
 */
export function networkNamespaces(pids: readonly number[]): Namespaces {
  const own = readlinkSync('/proc/self/ns/net');
  const kept = new Map<string, number>();
  for (const pid of pids) {
    const file = open(pid);
    const name = file === undefined ? own : readlinkSync(`/proc/self/fd/${file}`);
    if (name !== own && !kept.has(name)) kept.set(name, file!);
    else if (file !== undefined) closeSync(file);
  }
  return {
    size: kept.size,
    stillUsed: () => processesIn(kept),
    [Symbol.dispose]: () => {
      for (const file of kept.values()) closeSync(file);
    },
  };
}

/** How many network namespaces these processes are in that are not our own. */
export function countNamespaces(pids: readonly number[]): number {
  const names = new Set(pids.flatMap((pid) => namespaceOf(pid) ?? []));
  names.delete(readlinkSync('/proc/self/ns/net'));
  return names.size;
}

function open(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/ns/net`, 'r');
  } catch {
    return undefined; // It has ended, or is not ours to look at.
  }
}

function processesIn(names: ReadonlyMap<string, unknown>): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.flatMap((pid) => {
    const name = namespaceOf(pid);
    return name !== undefined && names.has(name) ? [`${pid} in ${name}`] : [];
  });
}

function namespaceOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined; // It has ended, or is not ours to look at.
  }
}

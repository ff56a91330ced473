/**
 * Lets the lab's users read files that lie in a folder which is closed to everybody else (mode 0700). For the lab alone, that
 * folder is replaced by an empty one with only the files that were asked for.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const OTHERS_MAY_ENTER = 0o001;

export function othersMayEnter(folder: string): boolean {
  return (statSync(folder).mode & OTHERS_MAY_ENTER) !== 0;
}

/** The outermost folder above a path that others cannot enter; undefined where they can go all the way. */
export function closedAbove(path: string): string | undefined {
  const above: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    above.push(folder);
    if (folder === dirname(folder)) break;
  }
  return above.toReversed().find((folder) => !othersMayEnter(folder));
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** `command` as it is where nothing is closed; otherwise behind a shell that opens up first, with root's rights. */
export function openUp(paths: readonly string[], command: readonly string[]): string[] {
  const kept = paths.filter((path) => existsSync(path));
  const closed = [...new Set(kept.flatMap((path) => closedAbove(path) ?? []))];
  if (closed.length === 0) return [...command];
  const inside = kept.filter((path) => closed.includes(closedAbove(path) ?? ''));
  const script = [
    'set -e',
    'hold=$(mktemp -d)',
    'mount -t tmpfs -o mode=755 tmpfs "$hold"',
    ...inside.flatMap((path, n) => [
      place(path, `"$hold"/${n}`),
      `mount --rbind ${quote(path)} "$hold"/${n}`,
    ]),
    ...closed.map((folder) => `mount -t tmpfs -o mode=755 tmpfs ${quote(folder)}`),
    ...inside.flatMap((path, n) => [
      `mkdir -p ${quote(dirname(path))}`,
      place(path, quote(path)),
      `mount --rbind "$hold"/${n} ${quote(path)}`,
    ]),
    'umount -l "$hold"',
    'rmdir "$hold"',
    'exec "$@"',
  ].join('\n');
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', ...command];
}

function place(path: string, at: string): string {
  return statSync(path).isDirectory() ? `mkdir -p ${at}` : `: > ${at}`;
}

/** A build context: the files that an image's Dockerfile copies, no others, and a hash of these files. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ArchivedFile } from './tar.ts';

export interface BuildContext {
  /** Path of the Dockerfile in the archive. */
  dockerfile: string;
  files: ArchivedFile[];
}

/** The mode of a file that may be executed. */
const EXECUTABLE = 0o755;

/** `dockerfile` is relative to `folder`, as are the sources of its COPY lines. */
export async function readContext(folder: string, dockerfile: string): Promise<BuildContext> {
  const text = await readFile(join(folder, dockerfile), 'utf8');
  const paths = new Set([dockerfile]);
  // The engine itself leaves out the files that this one names.
  if (existsSync(join(folder, '.dockerignore'))) paths.add('.dockerignore');
  for (const source of copiedSources(text)) {
    for await (const path of filesOf(folder, source)) paths.add(path);
  }
  const files = await Promise.all([...paths].sort().map((path) => archived(folder, path)));
  return { dockerfile, files };
}

/** The same files on the same base give the same hash, on every machine. */
export function contextHash({ files }: BuildContext, baseId: string): string {
  const hash = createHash('sha256').update(baseId);
  for (const { path, bytes, mode } of files) {
    hash.update(`\0${path}\0${mode === EXECUTABLE ? 'x' : '-'}${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 12);
}

/** The sources of COPY and ADD lines in the context: all of it where only the builder can tell. */
export function copiedSources(dockerfile: string): string[] {
  const lines = dockerfile.replace(/^\s*#.*\n/gm, '').replace(/\\\s*\n/g, ' ');
  const sources: string[] = [];
  for (const [, rest = ''] of lines.matchAll(/^\s*(?:COPY|ADD)\s+(.+)$/gim)) {
    const words = rest.trim().split(/\s+/);
    if (words.some((word) => word.startsWith('--from='))) continue;
    const paths = words.filter((word) => !word.startsWith('--')).join(' ');
    if (/[$]|^<</.test(paths)) return ['.'];
    const list: string[] = paths.startsWith('[') ? JSON.parse(paths) : paths.split(' ');
    sources.push(...list.slice(0, -1).filter((source) => !/^[a-z]+:\/\//.test(source)));
  }
  return sources;
}

/** Files under a source, which may be a pattern or a folder. The builder complains of a missing one. */
async function* filesOf(folder: string, source: string): AsyncGenerator<string> {
  const pattern = source.replace(/^\/+|\/+$/g, '') || '.';
  // No pattern matches the folder itself.
  const matches = pattern === '.' ? ['.'] : glob(pattern, { cwd: folder });
  for await (const match of matches) {
    if (!(await stat(join(folder, match))).isDirectory()) {
      yield posix(match);
      continue;
    }
    const entries = await readdir(join(folder, match), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = posix(relative(folder, join(entry.parentPath, entry.name)));
      if (entry.isFile() && !`/${path}`.includes('/node_modules/')) yield path;
    }
  }
}

async function archived(folder: string, path: string): Promise<ArchivedFile> {
  const [bytes, { mode }] = await Promise.all([readFile(join(folder, path)), stat(join(folder, path))]);
  return { path, bytes, ...((mode & 0o100) !== 0 && { mode: EXECUTABLE }) };
}

function posix(path: string): string {
  return path.split(sep).join('/');
}

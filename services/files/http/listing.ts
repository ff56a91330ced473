/** The content of a folder, as HTML for people and as JSON in the form of nginx's `autoindex_format json` for programs. */
import type { Dirent } from 'node:fs';
import { type FileHandle, opendir, realpath, stat } from 'node:fs/promises';
import { isInside, pathOf } from '../root.ts';

/** A folder with more names is not listed. */
export const LISTED_NAMES = 10_000;
/** So many names are looked up at a time. */
const AT_ONCE = 64;

export interface Entry {
  readonly name: string;
  readonly type: 'directory' | 'file';
  readonly mtime: Date;
  readonly size: number;
}

/**
 * The files and folders that a client can have, folders first, each in the order of its bytes; undefined where there are
 * too many. Names that begin with a dot are left out, as nginx does.
 */
export async function entriesOf(root: string, folder: FileHandle): Promise<Entry[] | undefined> {
  const path = pathOf(folder);
  const names = await namesIn(path);
  if (names === undefined) return undefined;
  const entries: Entry[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE).map((name) => entryOf(root, path, name));
    for (const entry of await Promise.all(some)) if (entry !== undefined) entries.push(entry);
  }
  return entries.sort((one, other) => one.type.localeCompare(other.type) || byBytes(one.name, other.name));
}

export function listingAsJson(entries: readonly Entry[]): string {
  const plain = entries.map(({ size, mtime, ...entry }) => ({
    ...entry,
    mtime: mtime.toUTCString(),
    ...(entry.type === 'file' ? { size } : {}),
  }));
  return JSON.stringify(plain);
}

/** `name` is the folder's, `.` for the root. */
export function listingAsHtml(name: string, entries: readonly Entry[]): string {
  const title = escaped(name === '.' ? '/' : `/${name}`);
  const up = name === '.' ? [] : ['<tr><td><a href="../">../</a>'];
  const rows = entries.map((entry) => {
    const slash = entry.type === 'directory' ? '/' : '';
    const link = `<a href="./${encodeURIComponent(entry.name)}${slash}">${escaped(entry.name)}${slash}</a>`;
    const time = entry.mtime.toISOString().slice(0, 16).replace('T', ' ');
    return `<tr><td>${link}<td>${time}<td align="right">${slash ? '' : entry.size}`;
  });
  const head = `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n<table>`;
  return [head, ...up, ...rows, '</table>', ''].join('\n');
}

async function namesIn(path: string): Promise<Dirent[] | undefined> {
  const names: Dirent[] = [];
  for await (const name of await opendir(path, { bufferSize: 1024 })) {
    names.push(name);
    if (names.length > LISTED_NAMES) return undefined;
  }
  return names.filter(({ name }) => !name.startsWith('.'));
}

async function entryOf(root: string, folder: string, found: Dirent): Promise<Entry | undefined> {
  const { name } = found;
  try {
    // A link out of the root leads nowhere.
    if (found.isSymbolicLink() && !isInside(root, await realpath(`${folder}/${name}`))) return undefined;
    const stats = await stat(`${folder}/${name}`);
    if (!stats.isDirectory() && !stats.isFile()) return undefined;
    return { name, type: stats.isFile() ? 'file' : 'directory', mtime: stats.mtime, size: stats.size };
  } catch {
    // It is gone, or a link to nothing, or a name that is not UTF-8.
    return undefined;
  }
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** Copies the readable part of a folder: a lab has no business with the rest. */
import {
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';

export function copyReadable(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readable(() => readdirSync(from)) ?? []) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    const what = lstatSync(source);
    if (what.isDirectory()) copyReadable(source, target);
    else if (what.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (what.isFile()) readable(() => copyFileSync(source, target, constants.COPYFILE_EXCL));
  }
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') return undefined;
    throw error;
  }
}

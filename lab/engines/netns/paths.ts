/** The files of the machine that a host must see, and the environment of its processes. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import type { Plan } from '../../model/planned.ts';
import { bundled } from '../bundles/bundled.ts';
import { closedAbove, othersMayEnter } from './open-up.ts';

/** The folders that must stay visible on every host: the bundles, the packages that they need, and Node itself. */
export async function keptFolders(): Promise<string[]> {
  const koffi = dirname(dirname(createRequire(import.meta.url).resolve('koffi')));
  const beside = [join(koffi, 'koffi'), join(koffi, '@koromix')];
  return [dirname(await bundled('init')), ...beside, dirname(process.execPath)];
}

/** Folders of a host's own, empty at first (lab/init/file-tree.ts). */
const OWN = ['/tmp', '/var/tmp', '/dev/shm', '/srv', '/run'];

/**
 * The folders of the files that a plan's commands name: a program reads files that lie beside it. Where such a
 * folder is itself closed to others, hosts see only the named file.
 */
export function commandFolders({ hosts }: Pick<Plan, 'hosts'>): string[] {
  const named = hosts.flatMap(({ program }) => (program?.kind === 'command' ? program.argv : []));
  return [
    ...new Set(
      named
        .filter((word) => isAbsolute(word) && existsSync(word))
        // Folders that are the host's own are not brought in whole.
        .map((file) =>
          othersMayEnter(dirname(file)) && !OWN.includes(dirname(file)) ? dirname(file) : file,
        ),
    ),
  ];
}

/** The folders with an administrator's tools: an ordinary user's PATH often leaves them out. */
const SYSTEM_FOLDERS = ':/usr/local/sbin:/usr/sbin:/sbin';

/** Whether hosts see a folder only if their lab was told of it before the lab began. */
export function isShut(folder: string): boolean {
  return (
    OWN.some((one) => folder === one || folder.startsWith(`${one}/`)) || closedAbove(folder) !== undefined
  );
}

/** The variables of the caller that hosts get. The others are not their business. */
const PASSED_ON = ['LANG', 'LANGUAGE', 'TZ', 'TERM', 'COLORTERM'];

export function environment(): Record<string, string> {
  const passed = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (PASSED_ON.includes(name) || name.startsWith('LC_')) ? [[name, value]] : [],
  );
  return {
    ...Object.fromEntries(passed),
    // An empty PATH counts as none.
    PATH: `${process.env.PATH || '/usr/local/bin:/usr/bin:/bin'}${SYSTEM_FOLDERS}`,
    HOME: '/tmp',
    SHELL: '/bin/sh',
  };
}

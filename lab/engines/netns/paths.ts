/** Where our own programs are (TypeScript in a checkout, JavaScript in an installed package), and what they are told. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Plan } from '../../scenario/planned.ts';
import type { ServiceName } from '../../scenario/types.ts';

const here = import.meta.filename;
const extension = here.endsWith('.ts') ? 'ts' : 'js';
const root = resolve(import.meta.dirname, '../../..');

export const initPath = join(root, 'lab/init', `main.${extension}`);

export function servicePath(service: ServiceName): string {
  return join(root, 'services', service, `main.${extension}`);
}

/** What must stay visible on every host: our files with the packages they import, and Node itself. */
export function keptFolders(): string[] {
  const [outside] = root.split('/node_modules/');
  return [...new Set([outside ?? root, dirname(process.execPath)])];
}

/** The folders of the files that a plan's commands name: a program reads what lies beside it. */
export function commandFolders({ hosts }: Pick<Plan, 'hosts'>): string[] {
  const named = hosts.flatMap(({ program }) => (program?.kind === 'command' ? program.argv : []));
  return [
    ...new Set(named.filter((word) => isAbsolute(word) && existsSync(word)).map((file) => dirname(file))),
  ];
}

/** Where an administrator's tools are: an ordinary user's PATH often leaves them out. */
const SYSTEM_FOLDERS = ':/usr/local/sbin:/usr/sbin:/sbin';

/** What of the caller's environment hosts are told: nothing else of it is their business. */
const PASSED_ON = ['LANG', 'LANGUAGE', 'TZ', 'TERM', 'COLORTERM', 'NODE_COMPILE_CACHE'];

export function environment(): Record<string, string> {
  const passed = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && (PASSED_ON.includes(name) || name.startsWith('LC_')) ? [[name, value]] : [],
  );
  return {
    ...Object.fromEntries(passed),
    PATH: `${process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}${SYSTEM_FOLDERS}`,
    HOME: '/tmp',
    SHELL: '/bin/sh',
  };
}

/** The packages outside our bundles (EXTERNAL), as files for an image: koffi and all its machine code for Linux here. */
import { glob, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { ArchivedFile } from './tar.ts';

const FILES = [
  'koffi/{package.json,index.js,src/koffi/**/*.js}',
  '@koromix/koffi-linux-*/{package.json,index.js,*/*.node}',
];

/** The files by their paths in the image's working folder. npm installs machine code for its own kind of machine alone. */
export async function machineCode(): Promise<ArchivedFile[]> {
  const packages = dirname(dirname(createRequire(import.meta.url).resolve('koffi')));
  const paths: string[] = [];
  for (const pattern of FILES) for await (const path of glob(pattern, { cwd: packages })) paths.push(path);
  return Promise.all(
    paths.sort().map(async (path) => {
      const bytes = await readFile(join(packages, path));
      return { path: join('node_modules', relative('.', path)), bytes };
    }),
  );
}

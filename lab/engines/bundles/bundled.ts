/**
 * The place of a program's bundle. In a checkout bundles are made when their sources have changed, and kept in
 * node_modules/.cache/lanlab/bundles/, a folder for each state of the sources. An installed package has them in dist/.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { BundleName } from './entries.ts';
import { makeBundles } from './make.ts';

const CACHE = join(PACKAGE_ROOT, 'node_modules/.cache/lanlab/bundles');
/** The list of files that went into the newest bundles. A hash of their present content names the folder of bundles. */
const INPUTS = 'inputs.json';
/** The code that makes the bundles counts as one of their sources. */
const MAKERS = ['lab/engines/bundles/entries.ts', 'lab/engines/bundles/make.ts'];
/** Milliseconds for which bundles are kept that nobody asks for: a lab that stays may start programs from them. */
const KEPT = 30 * 24 * 3600 * 1000;

let folder: Promise<string> | undefined;

/**
 * The path of an ES module that needs only Node and the packages in `EXTERNAL`. A process looks once for changes of the
 * sources: all that one command brings up is of one state. Throws LabError (`engine`).
 */
export async function bundled(name: BundleName): Promise<string> {
  folder ??= installed() ? Promise.resolve(join(PACKAGE_ROOT, 'dist/bundles')) : upToDate(CACHE);
  return join(await folder, `${name}.mjs`);
}

/** We are TypeScript in a checkout, JavaScript in a package. */
function installed(): boolean {
  return !import.meta.filename.endsWith('.ts');
}

/** The folder in `cache` with the bundles of the present sources; it is made where it is missing. */
export async function upToDate(cache: string): Promise<string> {
  const known = await readFile(join(cache, INPUTS), 'utf8').catch(() => undefined);
  const key = known && keyOf(JSON.parse(known) as string[]);
  const found = key && join(cache, key);
  const now = new Date();
  if (found && (await utimes(found, now, now).then(yes, no))) return found;
  try {
    return await makeIn(cache);
  } catch (error) {
    const message = `the programs for the hosts could not be bundled: ${(error as Error).message}`;
    const hint = `run \`npm ci\` as the user who owns ${PACKAGE_ROOT}, and a lab once`;
    throw new LabError('engine', message, { hint, cause: error });
  }
}

/** Writes a folder beside and renames it: another process at the same time finds a whole folder, or makes the same one. */
async function makeIn(cache: string): Promise<string> {
  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, 'making-'));
  try {
    // Programs of a host read them, as the user nobody.
    await chmod(beside, 0o755);
    const inputs = await makeSettled(beside);
    const list = join(beside, INPUTS);
    await writeFile(list, JSON.stringify(inputs));
    await rename(list, join(cache, INPUTS));
    const made = join(cache, keyOf(inputs)!);
    await rename(beside, made).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await removeOld(cache);
    return made;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Makes them again where a source was written in that time, so that bundles and hashed content belong together. */
async function makeSettled(into: string): Promise<string[]> {
  for (;;) {
    const began = Date.now();
    const inputs = [...(await makeBundles(PACKAGE_ROOT, into)), ...MAKERS];
    const times = inputs.map((path) => statSync(join(PACKAGE_ROOT, path)).mtimeMs);
    if (!times.some((time) => time >= began && time <= Date.now())) return inputs;
  }
}

/** A hash of the content of these files; undefined where one is missing. */
function keyOf(paths: readonly string[]): string | undefined {
  const hash = createHash('sha256');
  try {
    for (const path of paths) hash.update(`\0${path}\0`).update(readFileSync(join(PACKAGE_ROOT, path)));
  } catch {
    return undefined;
  }
  return hash.digest('hex').slice(0, 16);
}

async function removeOld(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const last = await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now);
    if (Date.now() - last > KEPT) await rm(path, { recursive: true, force: true });
  }
}

const yes = () => true;
const no = () => false;

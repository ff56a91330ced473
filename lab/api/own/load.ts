/** `--use FILE` and lanlab.config.ts: words of the user's own, loaded before a scenario is read. A scenario runs no code. */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError } from '../../errors.ts';
import type { OwnWord } from './define.ts';

const CONFIGS = ['lanlab.config.ts', 'lanlab.config.js', 'lanlab.config.mjs'];

/** The variable in which processes that this one starts find the same words. */
const VARIABLE = 'LANLAB_USE';

/** Loads the words of the working directory's config, and of the files that the command was told to use. */
export async function useOwnWords(files: readonly string[] = []): Promise<void> {
  const asked = files.map((file) => resolve(file));
  const config = await configHere();
  const all = [...(config === undefined ? [] : [config]), ...asked];
  for (const file of all) await useFile(file);
  if (all.length > 0) process.env[VARIABLE] = JSON.stringify(all);
}

/** Loads the words of the process that started this one. */
export async function useInherited(): Promise<void> {
  const files = JSON.parse(process.env[VARIABLE] ?? '[]') as string[];
  for (const file of files) await useFile(file);
}

async function configHere(): Promise<string | undefined> {
  for (const name of CONFIGS) {
    const file = resolve(name);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
  }
  return undefined;
}

async function useFile(file: string): Promise<void> {
  const { useWords } = await import('./use.ts');
  useWords(wordsIn(await load(file), file), file);
}

async function load(file: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(file);
    const why = missing ? 'there is no such file' : message;
    throw new LabError('usage', `cannot use ${file}: ${why}`, {
      hint: 'name a module that exports words by default: --use ./my-words.ts',
      cause,
    });
  }
}

/** A word, a list of them, or (in a config) `{ use: [...] }`. */
function wordsIn(module: { default?: unknown }, file: string): OwnWord[] {
  const found = module.default;
  const listed = (found as { use?: unknown } | undefined)?.use ?? found;
  const words = [listed].flat().filter((one) => one !== undefined) as OwnWord[];
  if (words.length > 0) return words;
  throw new LabError('usage', `${file} exports no words`, { hint: 'write export default [redis]' });
}

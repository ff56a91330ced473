/** `--json`, `--junit`, `--tap`, `--html` and `--github`: where the reports of a call go. */
import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import type { RunResult } from '../reports/result.ts';
import { command, tell } from './say.ts';

type Writer = (runs: readonly RunResult[], withKeys?: boolean) => string | Uint8Array;

/** The writer of each report, loaded when there is something to write. */
const FORMATS = {
  json: async (): Promise<Writer> => (await import('../reports/json.ts')).jsonReport,
  junit: async (): Promise<Writer> => (await import('../reports/junit.ts')).junitReport,
  tap: async (): Promise<Writer> => (await import('../reports/tap.ts')).tapReport,
  html: async (): Promise<Writer> => (await import('../reports/html/report.ts')).htmlReport,
  capture: async (): Promise<Writer> => (await import('../reports/capture.ts')).captureReport,
} as const;
type Format = keyof typeof FORMATS;

export interface ReportArguments extends Partial<Record<Format, string>> {
  github?: boolean;
  /** The keys of TLS go into the file with the frames. */
  keys?: boolean;
}

export interface Reports {
  /** A report is printed there, so nothing else may be. */
  takesStandardOutput: boolean;
  /** Every run of the call in one report a format. Throws LabError `usage` where a file cannot be written. */
  write(runs: readonly RunResult[]): Promise<void>;
}

interface Target {
  format: Format;
  /** As the user gave it; `-` is standard output. */
  given: string;
  /** Where it is written in the end, links followed. */
  path: string;
}

/** Whether any of the reports shows frames. */
export function wantsFrames({ html, capture }: ReportArguments): boolean {
  return html !== undefined || capture !== undefined;
}

/** Checks before anything is brought up that each file can be written. Throws LabError `usage`. */
export async function openReports(options: ReportArguments): Promise<Reports> {
  if (options.keys && options.capture === undefined)
    throw new LabError('usage', '--keys puts keys into the file of --capture, and no file is named', {
      hint: 'write --capture run.pcapng --keys',
    });
  const targets: Target[] = [];
  for (const format of Object.keys(FORMATS) as Format[]) {
    const given = options[format];
    if (given === undefined) continue;
    const path = given === '-' ? given : await writable(given, format);
    const other = targets.find((target) => target.path === path);
    if (other) throw twice(other, format);
    targets.push({ format, given, path });
  }
  const takesStandardOutput = targets.some(({ path }) => path === '-');
  const github = options.github ?? process.env.GITHUB_ACTIONS === 'true';
  return {
    takesStandardOutput,
    async write(runs) {
      if (runs.length === 0) return;
      for (const target of targets) {
        const report = await FORMATS[target.format]();
        await writeReport(target, report(runs, options.keys));
      }
      if (github) await annotate(runs, takesStandardOutput ? process.stderr : process.stdout);
    },
  };
}

/** GitHub reads both streams. */
async function annotate(runs: readonly RunResult[], stream: NodeJS.WriteStream): Promise<void> {
  const { githubAnnotations } = await import('../reports/github.ts');
  command(githubAnnotations(runs, { path: fromWorkspace }), stream);
}

/** GitHub knows a file by its path from the repository's root. */
function fromWorkspace(file: string): string {
  return relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), resolve(file));
}

function twice({ format, given }: Target, other: Format): LabError {
  const place = given === '-' ? 'standard output' : given;
  return new LabError('usage', `--${format} and --${other} both go to ${place}`, {
    hint: `give --${other} a file of its own`,
  });
}

/** The path behind links. It really tries to write: then the kernel refuses by its own rules on rights and file systems. */
async function writable(file: string, format: Format): Promise<string> {
  try {
    const path = await realpath(file).catch(() => resolve(file));
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
    if (there) await access(path, constants.W_OK);
    if (!there || there.isFile()) {
      const trial = beside(path);
      await (await open(trial, 'wx')).close();
      await rm(trial);
    }
    return path;
  } catch (error) {
    const folder = await stat(dirname(resolve(file))).catch(() => undefined);
    throw new LabError('usage', `--${format} ${file} cannot be written: ${reasonOf(error, folder)}`, {
      hint: folder ? 'name a file that can be written' : `make the folder first: mkdir -p ${dirname(file)}`,
      cause: error,
    });
  }
}

/** Writes a file whole or not at all. A pipe or /dev/null cannot be replaced, so it is written directly. */
async function writeReport({ format, given, path }: Target, text: string | Uint8Array): Promise<void> {
  if (path === '-') {
    if (typeof text === 'string' && format !== 'json') tell(text);
    else process.stdout.write(text);
    return;
  }
  const there = await stat(path).catch(() => undefined);
  const trial = beside(path);
  try {
    if (there && !there.isFile()) return await writeFile(path, text);
    await writeFile(trial, text, { flag: 'wx' });
    await rename(trial, path);
  } catch (error) {
    await rm(trial, { force: true });
    throw new LabError('usage', `--${format} ${given} could not be written: ${reasonOf(error)}`, {
      hint: 'make room or name another file, and run again',
      cause: error,
    });
  }
}

/** A name in the same folder, so that renaming it is one step. */
function beside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}`);
}

/** `folder` is undefined where there is none. */
function reasonOf(error: unknown, folder?: Stats): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: folder ? 'no file can be made there' : 'there is no such folder',
    ENOTDIR: 'a part of its path is not a folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  return (code && known[code]) ?? message;
}

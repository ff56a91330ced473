/** The machine and the versions that a table is about. */
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import type { Commands } from './commands.ts';
import { NODE, ROOT } from './ours.ts';

export interface Machine {
  processor: string;
  cores: number;
  /** GiB, rounded. */
  memory: number;
  system: string;
  kernel: string;
  node: string;
  docker?: string;
  compose?: string;
  mininet?: string;
}

export async function machine(commands: Commands): Promise<Machine> {
  const first = cpus();
  const [node, docker, compose, mininet] = await Promise.all([
    said(commands, [NODE, '--version']),
    said(commands, ['dockerd', '--version']),
    said(commands, ['docker', 'compose', 'version', '--short']),
    said(commands, ['mn', '--version']),
  ]);
  return {
    processor: first[0]?.model.trim() || 'unknown',
    cores: first.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system:
      /^PRETTY_NAME="?([^"\n]*)/m.exec(await readFile('/etc/os-release', 'utf8').catch(() => ''))?.[1] ??
      'Linux',
    kernel: release(),
    node: node ?? 'unknown',
    ...(docker && { docker: /\d[\w.+-]*/.exec(docker)?.[0] ?? docker }),
    ...(compose && { compose }),
    ...(mininet && { mininet }),
  };
}

/** What the bench itself writes. */
const NOT_MEASURED = [':!bench/results', ':!docs/performance.md', ':!docs/links.md'];

/** The commit that is measured; `+` where files differ from it. */
export async function commit(commands: Commands): Promise<string> {
  const at = await said(commands, ['git', '-C', ROOT, 'rev-parse', '--short=12', 'HEAD']);
  const changed = await said(commands, [
    'git',
    '-C',
    ROOT,
    'status',
    '--porcelain',
    '--untracked-files=no',
    '--',
    ...NOT_MEASURED,
  ]);
  return at ? `${at}${changed ? '+' : ''}` : 'unknown';
}

/** Its first line, on whichever stream; undefined where there is no such command or it fails. */
async function said(commands: Commands, argv: readonly string[]): Promise<string | undefined> {
  const ran = await commands.run(argv, { limit: 30 }).catch(() => undefined);
  commands.signal.throwIfAborted();
  return ran?.code === 0 ? `${ran.stdout}${ran.stderr}`.trim().split('\n')[0] : undefined;
}

/** Wireshark's programs, to be asked what they make of a capture file. */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the machine lacks for these tests, and the hint; undefined where nothing. */
export function lackingShark(): string | undefined {
  try {
    for (const program of ['tshark', 'capinfos', 'editcap']) execFileSync(program, ['--version'], QUIET);
    return undefined;
  } catch {
    return 'no tshark here: apt-get install tshark';
  }
}

const QUIET: ExecFileSyncOptions = { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 };

/** A folder for capture files, gone with the test. */
export class Files implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lanlab-wire-'));

  path(name: string): string {
    return join(this.#folder, name);
  }

  write(name: string, bytes: Uint8Array): string {
    writeFileSync(this.path(name), bytes);
    return this.path(name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

export function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, QUIET).toString();
}

/** The fields of every frame, a list of texts each. */
export function fieldsOf(
  file: string,
  fields: readonly string[],
  options: readonly string[] = [],
): string[][] {
  const wanted = fields.flatMap((field) => ['-e', field]);
  return run('tshark', ['-n', '-r', file, ...options, '-T', 'fields', ...wanted])
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

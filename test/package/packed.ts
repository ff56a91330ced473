/** The package as `npm pack` makes it, for tests that use it the way that others do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from '../cli/command.ts';

/** The Node that runs this test, before whatever else the machine has. */
const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;

export interface Ended {
  exit: number;
  output: string;
}

/** A command in the folder `cwd`, with the caller's environment but for `env`. */
export async function run(
  cwd: string,
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const own = { NO_COLOR: '1', VITEST: undefined, NODE_ENV: undefined };
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, PATH, ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [exit] = (await once(child, 'close')) as [number];
  return { exit, output };
}

export async function succeed(cwd: string, ...command: string[]): Promise<string> {
  const { exit, output } = await run(cwd, command);
  expect(exit, output).toBe(0);
  return output;
}

/** Packs into `folder`, from a copy in it, for packing builds and the checkout stays as it is; the packed file's path. */
export async function pack(folder: string): Promise<string> {
  const copy = join(folder, 'checkout');
  const made = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    files: string[];
    version: string;
  };
  const sources = made.files.filter((path) => path !== 'dist' && !path.startsWith('!'));
  for (const path of [...sources, 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(ROOT, path), join(copy, path), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await succeed(copy, 'npm', 'pack', '--pack-destination', folder);
  return join(folder, `lanlab-${made.version}.tgz`);
}

/** One host, one program, and one step that holds; `expected` makes it one that does not. */
export function scenario(expected = 'HELLO'): string {
  return `lab: installed
networks: { lan: auto }
hosts:
  echo: { service: tcp-echo, networks: [lan] }
  alice: { networks: [lan] }
steps:
  - name: the installed echo server answers in capitals
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: ${expected}, seen: echo, within: 1s }
`;
}

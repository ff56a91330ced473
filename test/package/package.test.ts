/** The package as `npm pack` makes it, installed into an empty project and used there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  access,
  copyFile,
  cp,
  glob,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copiedSources } from '../../lab/engines/containers/context.ts';
import { engineNamed } from '../../lab/engines/index.ts';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

/** The Node that runs this test, before whatever else the machine has. */
const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;

let folder: string;
let project: string;

interface Ended {
  exit: number;
  output: string;
}

async function run(cwd: string, command: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, PATH, NO_COLOR: '1', VITEST: undefined, NODE_ENV: undefined };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [exit] = (await once(child, 'close')) as [number];
  return { exit, output };
}

async function succeed(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { exit, output } = await run(cwd, command, ...args);
  expect(exit, output).toBe(0);
  return output;
}

const install = (...packages: string[]) =>
  succeed(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);

/** What the package is made from, in a folder of its own: packing builds there, and leaves the checkout as it is. */
async function checkout(): Promise<string> {
  const copy = join(folder, 'checkout');
  const made = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  const sources = made.files.filter((path) => path !== 'dist');
  for (const path of [...sources, 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(ROOT, path), join(copy, path), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-package-'));
  project = join(folder, 'project');
  await mkdir(project);
  await succeed(await checkout(), 'npm', 'pack', '--pack-destination', folder);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  await install(join(folder, `lanlab-${version}.tgz`));
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const SCENARIO = `lab: installed
networks: { lan: auto }
hosts:
  echo: { service: tcp-echo, networks: [lan] }
  alice: { networks: [lan] }
steps:
  - name: the installed echo server answers in capitals
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: HELLO, seen: echo }
`;

const lackingOf = async (name: 'docker' | 'netns') => {
  const { lacking } = await engineNamed(name).probe();
  return lacking && `${lacking.why}; ${lacking.hint}`;
};

for (const engine of ['netns', 'docker'] as const) {
  describeNeeding(engine, await lackingOf(engine), `the installed package on ${engine}`, () => {
    test('runs a scenario by its command, without the packages of its own development', async () => {
      await writeFile(join(project, 'first.yaml'), SCENARIO);
      const output = await succeed(
        project,
        'npx',
        'lanlab',
        'run',
        'first.yaml',
        '--engine',
        engine,
        '--strict',
      );
      expect(output).toContain('the installed echo server answers in capitals');
      expect(output).toMatch(/1 steps? held: 2 of 2 checks/);
      await expect(access(join(project, 'node_modules/vitest'))).rejects.toThrow('ENOENT');
    }, 300_000);
  });
}

test('the package has every file that the images are built from', async () => {
  const inside = join(project, 'node_modules/lanlab');
  const services = ['tcp-echo', 'udp-echo', 'time', 'files', 'chat'];
  const builds = [
    ['.', 'lab/Dockerfile'],
    ['lab/agent', 'Dockerfile'],
    ...services.map((name) => ['services', `${name}/Dockerfile`]),
  ] as [string, string][];
  for (const [context, dockerfile] of builds) {
    const text = await readFile(join(inside, context, dockerfile), 'utf8');
    const plain = copiedSources(text).filter((source) => !/[*[]/.test(source));
    for (const source of plain) await access(join(inside, context, source));
  }
});

/** What Node 24 has and 22 has not; TypeScript compiles syntax for both, but brings no globals. */
const NEWER =
  /\b(DisposableStack|AsyncDisposableStack|Promise\.try|RegExp\.escape|Error\.isError|Float16Array)\b/;

test('the package asks for nothing that the oldest Node it names has not', async () => {
  const dist = join(project, 'node_modules/lanlab/dist');
  const found: string[] = [];
  for await (const file of glob('**/*.{js,mjs}', { cwd: dist })) {
    const [newer] = NEWER.exec(await readFile(join(dist, file), 'utf8')) ?? [];
    if (newer) found.push(`${file}: ${newer}`);
  }
  expect(found).toEqual([]);
});

describe('with vitest and TypeScript beside it', () => {
  beforeAll(async () => {
    const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    await install(...['vitest', 'typescript'].map((name) => `${name}@${devDependencies[name]}`));
  }, 300_000);

  test('the example of the README passes there', async () => {
    await copyFile(join(ROOT, 'test/api/readme.test.ts'), join(project, 'readme.test.ts'));
    expect(await succeed(project, 'npx', 'vitest', 'run')).toMatch(/Tests\s+1 passed/);
  }, 120_000);

  test('its types hold for TypeScript that uses it, checked through to the declarations', async () => {
    await copyFile(join(ROOT, 'test/package/consumer.ts'), join(project, 'consumer.ts'));
    const options = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, skipLibCheck: false };
    const config = { compilerOptions: options, files: ['consumer.ts'] };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
    await succeed(project, 'npx', 'tsc');
  }, 120_000);
});

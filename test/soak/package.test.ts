/** The package as `npm pack` makes it, installed into an empty project and used there. */
import {
  access,
  chmod,
  copyFile,
  glob,
  lchown,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copiedSources } from '../../lab/engines/containers/context.ts';
import { engineNamed } from '../../lab/engines/index.ts';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { pack, run, scenario, succeed } from '../package/packed.ts';

let folder: string;
let packed: string;
/** Where the action looks for the package too, so that it finds it installed. */
let project: string;

const install = (...packages: string[]) =>
  succeed(project, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-package-'));
  await chmod(folder, 0o755);
  project = join(folder, 'lanlab');
  await mkdir(project);
  packed = await pack(folder);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await install(packed);
  await writeFile(join(project, 'first.yaml'), scenario());
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const lackingOf = async (name: 'docker' | 'netns') => {
  const { lacking } = await engineNamed(name).probe();
  return lacking && `${lacking.why}; ${lacking.hint}`;
};

for (const engine of ['netns', 'docker'] as const) {
  describeNeeding(engine, await lackingOf(engine), `the installed package on ${engine}`, () => {
    test('runs a scenario by its command, without the packages of its own development', async () => {
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

/** `nobody`: an account that has nothing, not even subordinate ids. */
const NOBODY = 65534;
const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs'];

describe.skipIf(process.getuid!() !== 0)('the installed package, for an ordinary user', () => {
  test('runs a scenario on namespaces from a folder of theirs', async () => {
    const home = join(folder, 'home');
    await mkdir(home);
    await lchown(home, NOBODY, NOBODY);
    // The checkout, and its Node, may lie where nobody else can read.
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await copyFile(process.execPath, join(bin, 'node'));
    const env = { HOME: home, PATH: `${bin}:${process.env.PATH}` };
    const command = [...asNobody, join(project, 'node_modules/.bin/lanlab'), 'run', '--engine', 'netns'];
    const { exit, output } = await run(home, [...command, join(project, 'first.yaml')], env);
    expect(output).toMatch(/1 step held: 2 of 2 checks, on netns/);
    expect(exit).toBe(0);
  }, 60_000);
});

describe('the installed command looks for a Node', () => {
  const lanlab = async (node: string | undefined) => {
    const bin = await mkdtemp(join(folder, 'bin-'));
    if (node) await writeFile(join(bin, 'node'), `#!/bin/sh\necho ${node}\n`, { mode: 0o755 });
    return run(project, ['/bin/sh', join(project, 'node_modules/lanlab/bin/lanlab'), '--version'], {
      PATH: bin,
    });
  };

  test('and says which one it found, where that is too old', async () => {
    for (const version of ['v20.20.2', 'v22.9.0', 'v22.21.1', 'v8.17.0']) {
      const { exit, output } = await lanlab(version);
      expect(output).toContain(`lanlab: needs Node 22.22 or newer, and the \`node\` in PATH is ${version}\n`);
      expect(output).toContain('`npm install node@24`');
      expect(exit).toBe(5);
    }
  });

  test('and takes every one from 22.22 on', async () => {
    for (const version of ['v22.22.0', 'v22.30.0', 'v24.0.0', 'v31.2.0']) {
      expect(await lanlab(version)).toEqual({ exit: 0, output: `${version}\n` });
    }
  });

  test('and says that there is none', async () => {
    const { exit, output } = await lanlab(undefined);
    expect(output).toContain('lanlab: needs Node 22.22 or newer, and there is no `node` in PATH');
    expect(exit).toBe(5);
  });
});

describe('the action of GitHub', () => {
  let workspace: string;

  /** As a runner calls it; what it wrote for the job beside what it printed. */
  async function step(inputs: Record<string, string>) {
    workspace = await mkdtemp(join(folder, 'workspace-'));
    await writeFile(join(workspace, 'good one.yaml'), scenario());
    await writeFile(join(workspace, 'wrong.yaml'), scenario('HELLO!'));
    const [summary, outputs] = [join(workspace, 'summary'), join(workspace, 'outputs')];
    for (const file of [summary, outputs]) await writeFile(file, '');
    const runner = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: outputs,
      RUNNER_TEMP: folder,
      npm_config_prefer_offline: 'true',
    };
    const own = { INPUT_VERSION: packed, INPUT_ENGINE: 'netns', INPUT_ARGS: '', INPUT_REPORT: 'report.html' };
    const ended = await run(workspace, [join(ROOT, 'action/run.sh')], { ...runner, ...own, ...inputs });
    return { ...ended, summary: await readFile(summary, 'utf8'), outputs: await readFile(outputs, 'utf8') };
  }

  test('runs what its patterns match, and says in the summary what did not hold', async () => {
    const { exit, output, summary, outputs } = await step({
      INPUT_SCENARIO: '*.yaml',
      INPUT_ARGS: '--on-conflict wait',
    });
    expect(output).toContain('::error file=wrong.yaml,line=7,');
    expect(summary).toContain('| ✅ | good one.yaml | netns | 1 | 0 | 0 |');
    expect(summary).toContain('| ❌ | wrong.yaml | netns | 0 | 1 | 0 |');
    expect(summary).toContain('step 1, the installed echo server answers in capitals (failed)');
    expect(outputs).toBe(`json=${join(folder, 'lanlab/report.json')}\nreport=report.html\n`);
    expect(await readFile(join(workspace, 'report.html'), 'utf8')).toContain('<!doctype html>');
    expect(exit).toBe(1);
  }, 120_000);

  test('takes its inputs as words, whatever is in them', async () => {
    const { exit, output } = await step({ INPUT_SCENARIO: '$(touch$IFS$9made) `touch made`;touch made' });
    expect(output).toContain('::error title=lanlab::no file matches `scenario: $(touch$IFS$9made)`');
    await expect(access(join(workspace, 'made'))).rejects.toThrow('ENOENT');
    expect(exit).toBe(2);
  }, 60_000);

  test('fails where its pattern matches no file', async () => {
    const { exit, output, outputs } = await step({ INPUT_SCENARIO: 'tests/*.yaml' });
    expect(output).toContain('::error title=lanlab::no file matches `scenario: tests/*.yaml`');
    expect(outputs).toBe('');
    expect(exit).toBe(2);
  }, 60_000);

  test('names no input and no other expression in the text of a script', async () => {
    const { runs } = parse(await readFile(join(ROOT, 'action.yml'), 'utf8')) as {
      runs: { steps: { run?: string }[] };
    };
    const scripts = runs.steps.flatMap(({ run: script }) => script ?? []);
    expect(scripts).not.toEqual([]);
    expect(scripts.join()).not.toContain('${{');
  });
});

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

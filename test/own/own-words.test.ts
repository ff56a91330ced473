/** Words of one's own: a step against a real redis, an expectation and a fault; and what is no word is refused. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useWords } from '../../lab/api/own/use.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { defineExpectation, defineFault, defineStep, lab, z } from '../../lab/index.ts';
import { describeNeeding } from '../needs.ts';
import { redis } from './redis.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LANLAB = join(ROOT, 'bin/lanlab');
const REDIS = join(ROOT, 'test/own/redis.ts');

const engine = netnsEngine();
const { lacking } = await engine.probe();
const noRedis = spawnSync('redis-server', ['--version']).error
  ? 'redis-server is missing; apt-get install redis-server'
  : undefined;
const missing = lacking ? `${lacking.why}; ${lacking.hint}` : noRedis;

const scenario = (subnet: string, steps: string) => `
lab: own
networks: { lan: ${subnet} }
hosts:
  cache:
    command: [redis-server, --port, "6379", --bind, 0.0.0.0, --protected-mode, "no", --save, "", --dir, /tmp]
    ready: { tcp: 6379 }
    networks: { lan: ${subnet.replace('.0/24', '.10')} }
  alice: { networks: { lan: ${subnet.replace('.0/24', '.21')} } }
steps:
${steps}
`;

function run(args: string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(LANLAB, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  return { status, said: stdout + stderr };
}

describeNeeding(engine.name, missing, 'words of one’s own', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lanlab-own-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  test('a step against a real redis, with receive, fields and wire, by --use', () => {
    const path = file(
      'redis.yaml',
      scenario(
        '10.93.142.0/24',
        `
  - { at: alice, redis: { to: cache, run: [SET, greeting, hello] }, expect: { receive: OK } }
  - { at: alice, redis: { to: cache, run: [GET, greeting] }, expect: { receive: hello, fields: { bytes: 5 }, wire: ["tcp alice > cache:6379 SYN"] } }
  - { at: alice, redis: { to: "cache:6380", run: [GET, greeting] }, expect: { fails: refused } }
  - { name: a port that nobody has, at: alice, redis: { to: "cache:6380", run: [PING] } }
`,
      ),
    );
    const { status, said } = run(['run', '--engine', 'netns', '--use', REDIS, path], folder);
    expect(said).toContain('RST from cache: nothing listens on 6380 (it listens on 6379)');
    expect(said).toContain('3 steps held, 1 did not');
    expect(status).toBe(1);
  });

  test('is known to validate, to the schema and to errors; without --use it is no word', () => {
    const path = file(
      'slip.yaml',
      scenario('10.93.143.0/24', '  - { at: alice, redis: { to: cashe, run: [PING] } }'),
    );
    expect(run(['validate', '--use', REDIS, path], folder)).toMatchObject({
      status: 2,
      said: expect.stringContaining('did you mean `cache`?'),
    });
    expect(run(['validate', path], folder).said).toContain('no key `redis` in step 1');
    const schema = run(['schema', '--use', REDIS], folder).said;
    expect(schema).toContain('Sends one command to a redis server');
  });

  test('of lanlab.config.ts in the working directory are there without being asked for', () => {
    file('lanlab.config.ts', `import words from ${JSON.stringify(REDIS)};\nexport default { use: words };\n`);
    const path = file(
      'config.yaml',
      scenario(
        '10.93.144.0/24',
        '  - { at: alice, redis: { to: cache, run: [PING] }, expect: { receive: PONG } }',
      ),
    );
    expect(run(['run', '--engine', 'netns', path], folder)).toMatchObject({ status: 0 });
    // In the process that keeps a lab too.
    expect(run(['run', '--engine', 'netns', '--keep', path], folder)).toMatchObject({ status: 0 });
    rmSync(join(folder, 'lanlab.config.ts'));
  });

  test('a step, an expectation and a fault, by `use` of the library', async () => {
    const healed: string[] = [];
    const words = [
      redis,
      defineExpectation<string>({
        word: 'shouts',
        summary: 'What came is in capitals.',
        example: 'expect: { shouts: yes }',
        schema: z.string(),
        check(value, { received }) {
          const found = received?.toString() ?? 'nothing';
          const held = found === found.toUpperCase();
          const what = `shouts: ${value}`;
          return held ? { held, what } : { held, what, expected: 'capitals', found };
        },
      }),
      defineFault<string>({
        word: 'forget',
        summary: 'Takes every key out of a redis.',
        example: 'fault: { forget: cache }',
        schema: z.string(),
        explain: (host) => `make ${host} forget`,
        hosts: (host) => [host],
        async begin(host, hosts) {
          await hosts.get(host)!.exec(['redis-cli', 'SET', 'greeting', 'gone']);
          return {
            did: `made ${host} forget`,
            heal: async () => {
              healed.push(host);
              return `made ${host} remember`;
            },
          };
        },
      }),
    ];
    const path = file(
      'library.yaml',
      scenario(
        '10.93.145.0/24',
        `
  - { at: alice, redis: { to: cache, run: [SET, greeting, hello] }, expect: { receive: OK, shouts: "yes" } }
  - { fault: { forget: cache, as: gone } }
  - { at: alice, redis: { to: cache, run: [GET, greeting] }, expect: { receive: gone, shouts: "yes" } }
  - { heal: gone }
`,
      ),
    );
    await using net = await lab(path, { use: words, engine });
    const { steps, failed } = await net.run();
    expect(failed).toBe(1);
    expect(steps[2]!.checks.find(({ held }) => !held)).toMatchObject({
      kind: 'own',
      word: 'shouts',
      expected: 'capitals',
      found: 'gone',
    });
    expect(healed).toEqual(['cache']);
  });
});

describe('what is no word', () => {
  const step = (word: string) =>
    defineStep<string>({
      word,
      summary: 'It is tried.',
      example: `${word}: x`,
      schema: z.string(),
      explain: () => 'it is tried',
      run: async () => ({}),
    });

  test.for([
    ['tcp', 'there is a word `tcp` already'],
    ['expect', '`expect` cannot be a word'],
    ['Two Words', '`Two Words` cannot be a word'],
  ])('%s: %s', ([word, says]) => {
    expect(() => useWords([step(word!)], 'words.ts')).toThrow(says!);
  });

  test('and a thing that nobody defined', () => {
    expect(() => useWords([{ word: 'x' } as never], 'words.ts')).toThrow('something that is not a word');
  });

  test('and a file that is not there, or that has none, by --use', () => {
    const says = (...args: string[]) => {
      const { status, stderr } = spawnSync(LANLAB, args, { cwd: ROOT, encoding: 'utf8' });
      return { status, stderr };
    };
    expect(says('schema', '--use', './nowhere.ts')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no such file'),
    });
    expect(says('schema', '--use', './lab/errors.ts')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exports no words'),
    });
  });
});

test('a scenario alone runs no code of its own', () => {
  expect(execFileSync(LANLAB, ['schema', '--help'], { encoding: 'utf8' })).toContain('--use <file>');
});

test('docs/own-words.md shows the step that is tested here', () => {
  const page = readFileSync(join(ROOT, 'docs/own-words.md'), 'utf8');
  const [, ...code] = readFileSync(REDIS, 'utf8').split('\n');
  expect(page).toContain(code.join('\n').trim().replace("'../../lab/index.ts'", "'lanlab'"));
});

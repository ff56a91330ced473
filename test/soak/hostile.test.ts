/** Programs, files and scenarios that try to drive the terminal, or the runner, of who looks at them. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { type Ended, ROOT, start } from '../cli/command.ts';
import { type Staying, staying } from '../cli/staying.ts';
import { describeNeeding } from '../needs.ts';
import { harm } from '../reports/harm.ts';

/** OSC 0, clear-screen, OSC 52, a C1 control, bidi and hidden characters, and what runners take for commands. */
const EVIL = [
  String.raw`\033]0;pwned\007\033[2J\033]52;c;ZXZpbA==\007\302\233`,
  String.raw`\342\200\256\330\234\342\200\213\363\240\201\201`,
  String.raw`\n::error file=README.md,line=1::pwned\n  ::stop-commands::token\n##[error]pwned\n`,
].join('');
const PRINTS = JSON.stringify(`printf '${EVIL}'`);
const WRAPPED = `${'a'.repeat(100)} ::add-mask::secret ${'b'.repeat(100)} ::error::pwned`;
const ON_RUNNER = { GITHUB_ACTIONS: 'true' };

const { lacking } = await netnsEngine().probe();
const missing = lacking && `${lacking.why}; ${lacking.hint}`;

/** All but the annotations, which are our own commands. */
function printed({ stdout, stderr }: Ended): string {
  const lines = `${stdout}\n${stderr}`.split('\n');
  return lines.filter((line) => !/^::(error|warning) file=[^\r]*$/.test(line)).join('\n');
}

describeNeeding('netns', missing, 'what others wrote', () => {
  let here: Staying;
  beforeAll(async () => {
    here = await staying();
  });
  afterAll(() => here[Symbol.asyncDispose]());
  const lanlab = (...args: string[]) => start(args, { ...ON_RUNNER, LANLAB_STATE: here.state }).ended;

  test('in a step that failed is shown in every report, and done in none', async () => {
    const file = await here.scenario(
      'steps',
      `lab: hostile
about: "\\u202e::error::about"
networks: { lan: 10.146.1.0/24 }
hosts: { alice: { networks: [lan] }, bob: { networks: [lan] } }
steps:
  - { name: "::error::name ##[error] \\e[2J", at: alice, exec: ${PRINTS}, expect: { receive: x } }
  - { at: alice, exec: [printf, "%s", "${WRAPPED}"], expect: { receive: x } }
  - { at: alice, exec: ${JSON.stringify(`printf '${EVIL}' >&2; exit 3`)} }
  - { at: alice, exec: ["no-such-\\u202e\\n::error::program"] }
`,
    );
    const ended = await lanlab('run', '--engine', 'netns', file);
    expect(ended.exit).toBe(1);
    expect(harm(printed(ended))).toEqual([]);
    expect(ended.stdout).toContain('\\x1b[2J');
    expect(ended.stdout.split('\n').filter((line) => line.startsWith('::error file='))).toHaveLength(4);
    for (const format of ['json', 'tap', 'junit', 'html'])
      expect(harm(printed(await lanlab('run', '--engine', 'netns', `--${format}`, '-', file)))).toEqual([]);
  }, 120_000);

  test('by a program that ends early is shown in the error', async () => {
    const file = await here.scenario(
      'early',
      `lab: early
networks: { lan: 10.146.2.0/24 }
hosts:
  prog: { networks: [lan], command: [sh, -c, ${JSON.stringify(`printf '${EVIL}'; printf '${EVIL}' >&2; exit 3`)}] }
  alice: { networks: [lan] }
steps: [{ at: alice, exec: "true" }]
`,
    );
    const ended = await lanlab('run', '--engine', 'netns', file);
    expect(ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('\\x1b]0;pwned\\x07') });
    expect(harm(printed(ended))).toEqual([]);
  }, 60_000);

  test('by programs of a lab that is up is shown by logs, and done by exec alone', async () => {
    const file = await here.scenario(
      'up',
      `lab: loud
networks: { lan: 10.146.3.0/24 }
hosts:
  prog: { networks: [lan], command: [sh, -c, ${JSON.stringify(`printf '${EVIL}'; printf '${EVIL}' >&2; exec sleep 1000`)}] }
  event: { networks: [lan], command: [sh, -c, ${JSON.stringify(
    `printf '{"event":"a\\\\u001b[2J","text":"\\\\u202e","more":"\\\\u001b[2J"}\\n'; exec sleep 1000`,
  )}] }
  alice: { networks: [lan] }
steps: []
`,
    );
    expect(await lanlab('up', '--engine', 'netns', file)).toMatchObject({ exit: 0 });
    for (const words of [
      ['logs'],
      ['logs', '--json'],
      ['ps'],
      ['ps', '--json'],
      ['inspect'],
      ['inspect', '--json'],
    ]) {
      const ended = await lanlab(...words);
      expect(ended.exit).toBe(0);
      expect(harm(printed(ended)), words.join(' ')).toEqual([]);
    }
    expect((await lanlab('logs', 'event')).stdout).toContain('\\x1b[2J');
    // As ssh: who runs a program on a host asked for its bytes.
    const { stdout } = await lanlab('exec', 'alice', '--', 'sh', '-c', `printf '\\033[2J::error::'`);
    expect(stdout).toBe('\x1b[2J::error::');
    expect(harm(printed(await lanlab('exec', 'alice', '--', 'no-such-\x1b[2J')))).toEqual([]);
  }, 120_000);

  describe('in names and texts of files', () => {
    const NAME = 'a\x1b[2J\u202e\n::error::pwned ##[error]';

    test('is shown in errors', async () => {
      const folder = join(here.folder, NAME);
      await mkdir(folder);
      const scenario = await here.scenario(
        `${NAME}/wrong`,
        'lab: "\u202e\\e[2J ##[error]"\nhosts: { "::error::x": 1 }\n',
      );
      for (const words of [
        ['validate', scenario],
        ['run', scenario],
        ['run', join(folder, 'none.yaml')],
        ['graph', scenario],
        ['ladder', join(folder, 'none')],
        ['compose', scenario],
        [NAME],
        ['run', `--${NAME}`],
        ['exec', NAME, '--', 'true'],
      ]) {
        const ended = await lanlab(...words);
        expect(ended.exit, words.join(' ')).not.toBe(0);
        expect(harm(printed(ended)), words.join(' ')).toEqual([]);
      }
    }, 120_000);

    test('comes back from a compose file as it was, and drives nothing on the way', async () => {
      const file = await here.scenario(
        'compose',
        `lab: compose
networks: { lan: 10.146.4.0/24 }
hosts:
  alice: { networks: [lan], command: [echo, "\\u202e\\U000e0041\\n::error::x ##[error]y ${'long '.repeat(20)}"] }
  bob: { networks: [lan] }
steps: [{ at: bob, ping: { to: alice } }]
`,
      );
      const ended = await lanlab('compose', file);
      expect(ended.exit).toBe(0);
      expect(harm(printed(ended))).toEqual([]);
      const read = JSON.stringify(parse(ended.stdout));
      expect(read).toContain(JSON.stringify('\u202e\u{e0041}\n::error::x ##[error]y').slice(1, -1));
    });
  });
});

test('the command prints by one door: say.ts, but for what is bytes and goes through as it is', () => {
  const RAW = ['say.ts', 'terminal.ts', 'process.ts', 'capture.ts', 'report-files.ts'];
  const folder = join(ROOT, 'lab/cli');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const others = files.filter(
    (name) =>
      !RAW.includes(name) &&
      /(stdout|stderr)\.write\(|console\./.test(readFileSync(join(folder, name), 'utf8')),
  );
  expect(others).toEqual([]);
});

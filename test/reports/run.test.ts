/** The reports of runs that happened: files, standard output, annotations, and what an interrupted run leaves. */
import { execFile, execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { type Report, reportSchema } from '../../lab/reports/schema.ts';
import { type Ended, start } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { readTap } from './read-tap.ts';
import { readXml } from './read-xml.ts';
import { complaintsOf, lacksXmllint } from './xmllint.ts';

const SECOND = 1000;
const folder = mkdtempSync(join(tmpdir(), 'lanlab-reports-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const HOSTS = `
networks: { office: 10.50.66.0/24 }
hosts:
  echo:  { service: tcp-echo, networks: { office: 10.50.66.10 } }
  alice: { networks: { office: 10.50.66.21 } }
steps:`;
writeFileSync(
  at('wrong.yaml'),
  `lab: wrong\nabout: One thing holds and one does not.${HOSTS}
  - name: the server answers in capitals
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: HELLO, seen: echo }
    shows: [P2]
  - name: "100% wrong: the server answers as it was asked"
    at: alice
    tcp: { to: "echo:9000", send: hello }
    expect: { receive: hello }
`,
);
writeFileSync(
  at('right.yaml'),
  `lab: right${HOSTS}\n  - at: alice\n    tcp: { to: "echo:9000", send: hello }\n    expect: { receive: HELLO }\n`,
);
writeFileSync(
  at('long.yaml'),
  `lab: long${HOSTS}
  - { name: at once, at: alice, exec: "true" }
  - { name: a long time, at: alice, exec: { run: [sleep, "60"], give_up: 60s } }
  - { name: after that, at: alice, exec: "true" }
`,
);

const runs = (args: string[], env = {}) =>
  start(['run', ...args, '--engine', 'netns'], { GITHUB_ACTIONS: '', ...env });
const readReport = (text: string): Report => reportSchema.parse(JSON.parse(text));
const fileOf = (name: string) => readFileSync(at(name), 'utf8');
const allFormats = (name: string) =>
  ['json', 'junit', 'tap'].flatMap((format) => [`--${format}`, at(`${name}.${format}`)]);

describe('a report that cannot be written is refused before anything is brought up', () => {
  test.each([
    [
      'a missing folder',
      ['--json', at('no/such/report.json')],
      /no such folder\n {2}hint: make the folder first: mkdir -p \S+no\/such\n/,
    ],
    ['a folder', ['--junit', folder], /it is a folder\n {2}hint: /],
    [
      'below a file',
      ['--tap', at('right.yaml/report.tap')],
      /a part of its path is not a folder\n {2}hint: /,
    ],
    ['where no file can be made', ['--json', '/proc/report.json'], /cannot be written: .+\n {2}hint: /],
    ['standard output, twice', ['--json', '-', '--tap', '-'], /both go to standard output\n {2}hint: /],
    ['one file, twice', ['--json', at('a'), '--tap', at('./a')], /both go to .+\n {2}hint: /],
  ])('%s', async (_, options, complaint) => {
    const { exit, stdout, stderr } = await runs([at('right.yaml'), ...options]).ended;
    expect(stderr).toMatch(complaint);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).not.toContain('bringing up');
    expect(existsSync(at('no'))).toBe(false);
  });
});

const { lacking } = await netnsEngine().probe();
describeNeeding('netns', lacking && `${lacking.why}; ${lacking.hint}`, 'the reports of a real run', () => {
  let ended: Ended;
  beforeAll(async () => {
    writeFileSync(at('both.json'), 'what was there before');
    ended = await runs([at('wrong.yaml'), at('right.yaml'), ...allFormats('both'), '--github']).ended;
  });

  test('hold both runs, and no file lies beside them', () => {
    expect(ended.exit).toBe(1);
    const titles = ['wrong on netns', 'right on netns'];
    expect(readReport(fileOf('both.json')).runs.map(({ scenario }) => scenario.lab)).toEqual([
      'wrong',
      'right',
    ]);
    expect(readXml(fileOf('both.junit')).children.map(({ attributes }) => attributes.name)).toEqual(titles);
    expect(readTap(fileOf('both.tap')).points.map(({ description }) => description)).toEqual(titles);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('the JSON tells of every step where, what, expected, found, why, when, how long and which claims', () => {
    const { held, runs } = readReport(fileOf('both.json'));
    expect(held).toBe(false);
    const [run] = runs;
    expect(run).toMatchObject({
      scenario: { file: at('wrong.yaml'), about: 'One thing holds and one does not.' },
      engine: { name: 'netns', version: expect.stringContaining('Linux'), why: ['asked for'] },
      versions: { lanlab: expect.stringMatching(/^\d+\.\d+\.\d+/), node: process.versions.node },
      held: 1,
      failed: 1,
    });
    expect(run?.hosts.map(({ capabilities }) => Object.keys(capabilities ?? {}).length > 0)).toEqual([
      true,
      true,
    ]);
    const [first, second] = run!.steps;
    expect(first).toMatchObject({ at: 'alice', status: 'held', shows: ['P2'] });
    expect(first?.did).toMatch(/^tcp 10\.50\.66\.21:\d+ > 10\.50\.66\.10:9000, sent "hello"$/);
    expect(second?.checks).toMatchObject([
      {
        held: false,
        expected: '"hello"',
        found: '"HELLO"',
        why: expect.stringContaining('first difference'),
      },
    ]);
    expect(Date.parse(second!.started!)).toBeGreaterThanOrEqual(Date.parse(first!.started!));
    expect(Date.parse(first!.started!)).toBeGreaterThanOrEqual(Date.parse(run!.started));
    for (const step of run!.steps) expect(step.took).toBeGreaterThan(0);
  });

  test('the text names the failed step with its place, and its last line of a run is the sum', () => {
    const [wrong] = ended.stdout.split('right\n');
    expect(wrong).toContain(`1 step did not hold:\n  ${at('wrong.yaml')}:13:5  ✗  2 100% wrong: the server`);
    expect(wrong).toMatch(/\n1 step held, 1 did not: 2 of 3 checks, on netns \(up .+\)\n$/);
    expect(ended.stdout).toMatch(/\n1 step held: 1 of 1 checks, on netns \(up .+\)\n::error /);
  });

  test('one annotation stands at the line of the step that failed', () => {
    const annotations = ended.stdout.split('\n').filter((line) => line.startsWith('::'));
    expect(annotations).toHaveLength(1);
    expect(annotations[0]).toMatch(
      /^::error file=\S+wrong\.yaml,line=13,col=5,title=wrong on netns%3A 100%25 wrong%3A /,
    );
    expect(annotations[0]).toContain('::received "hello": expected "hello", found "HELLO", why: ');
  });

  test('annotations come by themselves on GitHub, unless they are not wanted', async () => {
    const github = { GITHUB_ACTIONS: 'true' };
    expect((await runs([at('wrong.yaml')], github).ended).stdout).toContain('::error ');
    expect((await runs([at('wrong.yaml'), '--no-github'], github).ended).stdout).not.toContain('::');
    expect((await runs([at('wrong.yaml')]).ended).stdout).not.toContain('::');
  }, 90_000);

  test.each(['json', 'junit', 'tap'])('--%s - prints the report and nothing else', async (format) => {
    const read = { json: readReport, junit: readXml, tap: readTap }[format]!;
    const { exit, stdout, stderr } = await runs([at('wrong.yaml'), `--${format}`, '-', '--github']).ended;
    expect(exit).toBe(1);
    read(stdout);
    expect(stdout).not.toContain('::error');
    expect(stderr).toContain('::error ');
  });

  test('a link is followed, and a pipe is written into', async () => {
    symlinkSync(at('linked.json'), at('link.json'));
    writeFileSync(at('linked.json'), '');
    execFileSync('mkfifo', [at('pipe')]);
    const reader = execFile('cat', [at('pipe')]);
    const read = text(reader.stdout!);
    const options = ['--json', at('link.json'), '--tap', at('pipe')];
    expect((await runs([at('right.yaml'), ...options]).ended).exit).toBe(0);
    expect(readReport(fileOf('linked.json')).held).toBe(true);
    expect(statSync(at('pipe')).isFIFO()).toBe(true);
    expect(readTap(await read).points).toMatchObject([{ ok: true }]);
  });

  test('an interrupted run is reported as far as it came', async () => {
    const command = runs([at('long.yaml'), ...allFormats('long')]);
    await command.printed('at once');
    await delay(SECOND); // The step's own time is what is looked at.
    command.child.kill('SIGINT');
    const { exit, stdout } = await command.ended;
    expect(exit).toBe(130);
    expect(stdout).toMatch(/\n1 step held, 2 not reached: 1 of 1 checks, on netns /);
    const [run] = readReport(fileOf('long.json')).runs;
    expect(run?.stopped?.code).toBe('interrupted');
    expect(run?.steps.map(({ status }) => status)).toEqual(['held', 'skipped', 'skipped']);
    // The step that was interrupted took its time: taking down did not.
    expect(run?.took.steps).toBeGreaterThan(0.9 * SECOND);
    expect(readTap(fileOf('long.tap')).bailOut).toContain('interrupted (SIGINT)');
    expect(readXml(fileOf('long.junit')).attributes).toMatchObject({
      tests: '4',
      failures: '0',
      errors: '1',
    });
  });

  describeNeeding('xmllint', lacksXmllint, 'their XML by the schema of JUnit', () => {
    test('is valid', () => {
      expect(complaintsOf(fileOf('both.junit'))).toBe('');
    });
  });
});

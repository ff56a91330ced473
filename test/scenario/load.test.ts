/** A scenario loaded: what becomes of a right one, and every problem of a wrong one, whatever the text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabError } from '../../lab/errors.ts';
import { planScenario } from '../../lab/plan/plan.ts';
import { loadScenario, loadScenarioFile } from '../../lab/scenario/load.ts';
import { PLACES } from '../../lab/scenario/synonyms/index.ts';
import { UNDER } from '../../lab/scenario/synonyms/under.ts';
import { printProblems } from '../../lab/scenario/text/print.ts';
import { ScenarioErrors } from '../../lab/scenario/text/problem.ts';
import { vocabulary } from '../../lab/vocabulary.ts';

const GOOD = `lab: lan
about: Programs and people on one LAN.
networks:
  office: 10.50.1.0/24
  dmz: { subnet: 10.50.2.0/28 }
hosts:
  echo:  { service: tcp-echo, networks: { office: 10.50.1.10, dmz: } }
  clock: { service: time, networks: [office], env: { OFFSET: 3, TZ: UTC } }
  web:
    image: nginx:1.29
    networks: [dmz]
    files: { /srv/hello.txt: hello, /srv/big: { random: 1MB, seed: a } }
  runner: { command: "sleep 1", networks: [office], sysctls: { net.ipv4.tcp_syn_retries: 2 } }
  other: { command: [sleep, "1"], networks: [office] }
  alice: { networks: { office: 10.50.1.21 } }   # a person
steps:
  - name: the server answers in capitals
    at: alice
    tcp: { to: "echo:9000", send: hello, as: talk }
    expect: { receive: HELLO, within: 2s, for: 100ms }
    shows: [C1, P2]
  - at: alice
    tcp: { use: talk }
    do: [{ send: abc }, { shutdown: write }]
`;

const load = (text: string | Uint8Array) => loadScenario(text, 'x.yaml', vocabulary);

function problemsOf(text: string | Uint8Array): ScenarioErrors['problems'] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ScenarioErrors) return error.problems;
    throw error;
  }
  return [];
}

describe('a right scenario', () => {
  const scenario = load(GOOD);

  test('becomes networks with their subnets', () => {
    expect(scenario.networks.map(({ name, subnets }) => [name, ...subnets])).toEqual([
      ['office', '10.50.1.0/24'],
      ['dmz', '10.50.2.0/28'],
    ]);
  });

  test('becomes hosts with their programs', () => {
    expect(scenario.hosts.map(({ name, program }) => [name, program])).toEqual([
      ['echo', { kind: 'service', service: 'tcp-echo', env: {} }],
      ['clock', { kind: 'service', service: 'time', env: { OFFSET: '3', TZ: 'UTC' } }],
      ['web', { kind: 'image', image: 'nginx:1.29', env: {} }],
      ['runner', { kind: 'command', argv: ['sh', '-c', 'sleep 1'], env: {} }],
      ['other', { kind: 'command', argv: ['sleep', '1'], env: {} }],
      ['alice', undefined],
    ]);
    expect(scenario.hosts[2]?.files).toEqual([
      { path: '/srv/hello.txt', content: { text: 'hello' } },
      { path: '/srv/big', content: { random: 1_000_000, seed: 'a' } },
    ]);
    expect(scenario.hosts[3]?.sysctls).toEqual({ 'net.ipv4.tcp_syn_retries': '2' });
  });

  test('keeps the addresses that were written and leaves the others out', () => {
    const [echo] = scenario.hosts;
    expect(echo?.networks.map(({ network, addresses }) => [network, ...addresses])).toEqual([
      ['office', '10.50.1.10'],
      ['dmz'],
    ]);
  });

  test('becomes steps with times in milliseconds and places from 1', () => {
    expect(scenario.steps[0]).toMatchObject({
      index: 1,
      at: 'alice',
      kind: 'tcp',
      args: { to: 'echo:9000', send: { text: 'hello' }, as: 'talk' },
      do: [],
      expect: [{ kind: 'receive', where: { file: 'x.yaml', line: 20, column: 15 } }],
      within: 2000,
      for: 100,
      shows: ['C1', 'P2'],
      where: { file: 'x.yaml', line: 17, column: 5 },
    });
    expect(scenario.steps[1]?.name).toBeUndefined();
    expect(scenario.steps[1]?.do).toHaveLength(2);
  });

  test.each([
    ['CRLF line ends', GOOD.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${GOOD}`],
    ['a document start', `---\n${GOOD}`],
  ])('may have %s', (_, text) => {
    expect(load(text).hosts).toHaveLength(6);
    expect(load(Buffer.from(text)).hosts).toHaveLength(6);
  });

  test('can be planned', () => expect(planScenario(scenario).hosts).toHaveLength(6));
});

describe('a wrong scenario', () => {
  test('is one error with every problem in the order of the file', () => {
    const wrong = GOOD.replace('to: "echo:9000"', 'to: "ecko:9000"')
      .replace('lab: lan', 'lab: My Lab')
      .replace('10.50.1.21', '10.50.9.21');
    expect(problemsOf(wrong).map(({ where, message }) => [where.line, where.column, message])).toEqual([
      [1, 6, '"My Lab" cannot be a name'],
      [15, 32, '10.50.9.21 is outside `office` (10.50.1.0/24)'],
      [19, 16, 'no host `ecko`'],
    ]);
  });

  test('is a LabError of the code scenario, and its message is what the user sees', () => {
    try {
      load('lab: lan');
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ScenarioErrors)) throw error;
      expect(error).toBeInstanceOf(LabError);
      expect(error.code).toBe('scenario');
      expect(error.where).toEqual({ file: 'x.yaml', line: 1, column: 1 });
      expect(error.message).toBe(printProblems(error, { colour: false }));
      expect(printProblems(error, { colour: true })).toContain('\u001b[31m');
    }
  });

  test('over 1 MiB is refused without being read as YAML', () => {
    const text = `lab: lan\n${'#'.repeat(10_000_000)}\n`;
    expect(problemsOf(text)).toMatchObject([{ message: 'the file is over 1 MiB', where: { line: 1 } }]);
    expect(problemsOf(Buffer.from(text))).toHaveLength(1);
  });

  test.each([
    ['flow', '['.repeat(500_000)],
    ['block', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['compact', '- '.repeat(500_000)],
    ['keys', 'a: '.repeat(300_000)],
  ])('nested too deep (%s) is refused before any recursion meets it', (_, text) => {
    expect(problemsOf(text)).toMatchObject([{ message: 'nested more than 24 deep' }]);
  });

  test('with very many problems costs no more than 500 of them', () => {
    expect(problemsOf('&a '.repeat(300_000))).toHaveLength(500);
  });

  test('has names of its own that mean nothing to JavaScript', () => {
    const text = GOOD.replace('lab: lan', 'lab: lan\n__proto__: { lab: x }\nconstructor: 1');
    expect(problemsOf(text).map(({ message }) => message)).toEqual([
      'no key `__proto__` in a scenario',
      'no key `constructor` in a scenario',
    ]);
  });

  test('with an alias in place of a size is told so, and of nothing undefined', () => {
    const step = '  - { at: alice, tcp: { to: "echo:9000", send: { random: *a, seed: 1 } } }';
    const messages = problemsOf(`${GOOD}${step}\n`).map(({ message }) => message);
    expect(messages).toContain('nothing is not a size');
  });

  test('cannot steer the terminal', () => {
    const [problem] = problemsOf(`${GOOD}x\u202e\u009b31m: 1\n`);
    const text = printProblems(new ScenarioErrors('x\u001b]0;.yaml', [problem!]), { colour: false });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test.each([
    ['at: alice # a person', 'one word and a comment', 0],
    ['at: alice  #a person', 'glued', 1],
    ['name: two words  # a comment', 'two spaces', 0],
    ['name: two words # a comment', 'one space', 1],
    ['name: "two words" # a comment', 'quoted', 0],
    ['name: two#words', 'no space', 0],
  ])('a text that a comment may have cut short: %s (%s)', (line, _, count) => {
    const cut = problemsOf(`steps:\n  - ${line}\n`).filter(({ message }) => message.includes('comment'));
    expect(cut).toHaveLength(count);
  });
});

describe('whatever the text, the loader throws nothing but its own error', () => {
  const only = (text: string | Uint8Array) => {
    for (const problem of problemsOf(text)) {
      expect(problem.where.line).toBeGreaterThanOrEqual(1);
      expect(problem.where.column).toBeGreaterThanOrEqual(1);
      expect(problem.message).not.toMatch(/undefined|\[object|NaN/);
    }
  };

  test('arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), only), { numRuns: 500 });
  });

  test('arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), only), { numRuns: 500 });
  });

  test("YAML's own characters in any order", () => {
    const characters = fc.constantFrom(...'ab1: -?,[]{}#&*!|>\'"%@`\n\t~.=<');
    fc.assert(fc.property(fc.string({ unit: characters, maxLength: 80 }), only), { numRuns: 1000 });
  });

  test('a right scenario with parts taken out, put in and moved', () => {
    const pieces = fc.constantFrom(
      '',
      ' ',
      '\n',
      '\n  ',
      ': ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      '#',
      '*a',
      '&a ',
      '|',
      '5',
    );
    const cuts = fc.array(fc.tuple(fc.nat(GOOD.length), fc.nat(40), pieces), { minLength: 1, maxLength: 4 });
    const mutate = (text: string, [at, length, piece]: [number, number, string]) =>
      text.slice(0, at) + piece + text.slice(at + length);
    fc.assert(
      fc.property(cuts, (list) => only(list.reduce(mutate, GOOD))),
      { numRuns: 500 },
    );
  });

  test('any value in any place', () => {
    const lines = GOOD.split('\n').filter((line) => /: ./.test(line));
    const json = fc.json({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...lines), json, (line, value) => {
        only(GOOD.replace(line, `${line.slice(0, line.indexOf(': '))}: ${value}`));
      }),
      { numRuns: 300 },
    );
  });

  test('any value under any word of other tools, at any place', () => {
    const tables = Object.entries({ ...PLACES, ...UNDER });
    const words = tables.flatMap(([place, { same = {}, say = {} }]) =>
      [...Object.values(same), ...Object.keys(say)].flatMap((list) =>
        list.split(' ').map((key) => [place, key]),
      ),
    );
    const put = ([place = '', key = '']: string[], value: string) => {
      const entry = `${JSON.stringify(key)}: ${value}`;
      const step = (text: string) =>
        GOOD.replace('  - at: alice', `  - { at: alice, ${text} }\n  - at: alice`);
      if (place === 'lab') return `${GOOD}${entry}\n`;
      if (place === 'network') return GOOD.replace('/28 }', `/28, ${entry} }`);
      if (place === 'host') return GOOD.replace('service: time', `service: time, ${entry}`);
      if (place === 'card') return GOOD.replace('10.50.1.21 }', `{ ${entry} } }`);
      if (place === 'step') return step(entry);
      if (place === 'expect') return step(`exec: ls, expect: { ${entry} }`);
      if (place === 'arguments') return step(`tcp: { ${entry} }`);
      return step(
        `exec: ls, ${place}: { ${entry} }, expect: { ${place}: { ${entry} } }, fault: { ${place}: { ${entry} } }`,
      );
    };
    const json = fc.json({ maxDepth: 2 });
    fc.assert(
      fc.property(fc.constantFrom(...words), json, (word, value) => only(put(word, value))),
      { numRuns: 300 },
    );
    for (const word of words) only(put(word, '{ "a": { "b": [{}] } }'));
  });

  test('any value as the arguments of any word', () => {
    const word = fc.constantFrom(...vocabulary.steps.map((one) => one.word));
    const expectation = fc.constantFrom(...vocabulary.expectations.map((one) => one.word));
    fc.assert(
      fc.property(
        word,
        fc.json({ maxDepth: 3 }),
        expectation,
        fc.json({ maxDepth: 3 }),
        (step, args, about, value) => {
          only(
            `${GOOD}  - at: alice\n    ${step}: ${args}\n    do: [${args}]\n    expect: { ${about}: ${value} }\n`,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lanlab-load-'));
    writeFileSync(join(folder, 'good.yaml'), GOOD);
    writeFileSync(join(folder, 'large.yaml'), Buffer.alloc(10_000_000, 'a'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read under the name that the user gave it', async () => {
    const path = join(folder, 'good.yaml');
    expect((await loadScenarioFile(path, vocabulary)).file).toBe(path);
  });

  test('of 10 MB is refused', async () => {
    await expect(loadScenarioFile(join(folder, 'large.yaml'), vocabulary)).rejects.toThrow('over 1 MiB');
  });

  test.each([
    ['missing.yaml', 'there is no such file'],
    ['.', 'this is a folder'],
  ])('%s that cannot be read is a wrong call: %s', async (name, why) => {
    const path = join(folder, name);
    await expect(loadScenarioFile(path, vocabulary)).rejects.toMatchObject({
      code: 'usage',
      message: `cannot read ${path}: ${why}`,
    });
  });
});

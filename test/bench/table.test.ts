/** The page and the lines of the bench, made from its results. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { measure } from '../../bench/labs/measure.ts';
import { ofLab } from '../../bench/labs/memory.ts';
import { isAnswered } from '../../bench/labs/mininet.ts';
import { plainText } from '../../bench/labs/ours.ts';
import { page } from '../../bench/labs/page.ts';
import { merged, type Result, type Results, readResults, verdict } from '../../bench/labs/results.ts';
import { OursFailed, PeerFailed, type Row, type Setting } from '../../bench/labs/row.ts';
import { ROWS } from '../../bench/labs/rows.ts';
import { lines, markdown } from '../../bench/labs/table.ts';

const MEASURED: Result['outcome'] = {
  kind: 'measured',
  pairs: [
    { ours: 2, theirs: 10 },
    { ours: 3, theirs: 10 },
    { ours: 2, theirs: 20 },
  ],
  notes: [],
};

function result(change: Partial<Result> = {}): Result {
  return {
    name: 'hosts',
    what: '100 hosts',
    against: 'Mininet',
    limit: 0.25,
    sense: 'at most',
    unit: 's',
    when: '2026-01-02T03:04:05.000Z',
    commit: 'abc',
    scale: 1,
    outcome: MEASURED,
    ...change,
  };
}

const MACHINE = {
  processor: 'P',
  cores: 2,
  memory: 24,
  system: 'Debian 12',
  kernel: '6.18',
  node: 'v24.21.0',
  mininet: '2.3.0',
};
const of = (...rows: Result[]): Results => ({ version: 1, machine: MACHINE, rows });

describe('a row of the table', () => {
  test('has both medians, the ratio with least and most, the limit and whether it is met', () => {
    expect(markdown([result()]).split('\n')[2]).toBe(
      '| 100 hosts | Mininet | 2 s | 10 s | 0.2 (0.1 to 0.3) | at most 0.25 | met |',
    );
    expect(lines(result({ limit: 0.1 }))).toEqual([
      '100 hosts against Mininet',
      '  2 s to 10 s: 0.2 (0.1 to 0.3) (at most 0.1; not met)',
    ]);
  });

  test('without a peer has its number and the unit of its limit', () => {
    const { against: _, ...alone } = result({ limit: 75_000, sense: 'at least', unit: 'frames/s' });
    const row = {
      ...alone,
      outcome: { kind: 'measured' as const, pairs: [{ ours: 110_430 }], notes: ['so'] },
    };
    expect(markdown([row]).split('\n').slice(2)).toEqual([
      '| 100 hosts | – | 110,430 frames/s | – | – | at least 75,000 frames/s | met |',
      '',
      '- 100 hosts: so.',
    ]);
  });

  test('that is void has a reason, and no number and no verdict', () => {
    const row = result({ outcome: { kind: 'void', why: 'no | answer' } });
    expect(markdown([row]).split('\n')[2]).toBe(
      '| 100 hosts | Mininet | – | – | void: no \\| answer | at most 0.25 | no verdict |',
    );
    expect(lines(row).join()).not.toMatch(/NaN|Infinity/);
    expect(verdict(row)).toBe('none');
  });

  test('in which lanlab failed is not met; with fewer hosts, or left out, there is no verdict', () => {
    expect(verdict(result({ outcome: { kind: 'failed', why: 'exit code 70' } }))).toBe('not met');
    expect(verdict(result({ outcome: { kind: 'left out', why: 'no Docker' } }))).toBe('none');
    expect([verdict(result()), verdict(result({ scale: 0.1 }))]).toEqual(['met', 'none']);
  });
});

describe('a row that is measured', () => {
  const setting = {
    scale: 1,
    commands: { signal: new AbortController().signal },
  } as unknown as Setting;
  const row: Row = {
    ...ROWS[0]!,
    lacking: async () => undefined,
    run: async () => ({ pairs: [{ ours: 1, theirs: 2 }] }),
  };
  const outcome = async (change: Partial<Row>) =>
    (await measure({ ...row, ...change }, setting, 'abc')).outcome;
  const throwing = (error: Error) => ({
    run: async () => {
      throw error;
    },
  });

  test('is void where the peer fails, failed where lanlab does, left out where the machine lacks something', async () => {
    expect(await outcome({})).toEqual({ kind: 'measured', pairs: [{ ours: 1, theirs: 2 }], notes: [] });
    expect(await outcome(throwing(new PeerFailed('its ping')))).toEqual({ kind: 'void', why: 'its ping' });
    expect(await outcome(throwing(new OursFailed('exit 70')))).toEqual({ kind: 'failed', why: 'exit 70' });
    expect(await outcome({ lacking: async () => 'no mn' })).toEqual({ kind: 'left out', why: 'no mn' });
  });

  test('and finds a bug of the bench ends the bench', async () => {
    await expect(outcome(throwing(new TypeError('x is undefined')))).rejects.toThrow('x is undefined');
  });
});

describe('results that are kept', () => {
  const [a, b] = [result({ name: 'a' }), result({ name: 'b' })];

  test('keep the rows that are not measured anew, in the order of the rows', () => {
    const anew = result({ name: 'b', when: '2026-02-02T00:00:00.000Z' });
    expect(merged(of(b, a), of(anew), ['a', 'b'])).toEqual(of(a, anew));
  });

  test('keep the machine of each, until it is measured on this one', () => {
    const other = { ...MACHINE, cores: 8 };
    const both = merged({ ...of(a), machine: other }, of(b), ['a', 'b']);
    expect(both).toEqual(of({ ...a, machine: other }, b));
    expect(merged(both, of(b), ['a', 'b'])).toEqual(both);
    expect(merged(both, { ...of(b), machine: other }, ['a', 'b'])).toEqual({ ...of(a, b), machine: other });
    const anew = result({ name: 'a', when: '2026-02-02T00:00:00.000Z' });
    expect(merged(both, of(anew), ['a', 'b'])).toEqual(of(anew, b));
  });
});

describe('the page', () => {
  test('says the machine, the commit and the day, and has the table', () => {
    const text = page(of(result()));
    expect(text).toContain(
      'The machine: 2 × P, 24 GiB; Debian 12, Linux 6.18; Node v24.21.0, Mininet 2.3.0.',
    );
    expect(text).toContain('Measured at abc on 2026-01-02.');
    expect(text).toContain(markdown([result()]));
  });

  test('has a table for each machine', () => {
    const other = result({ name: 'other', what: 'elsewhere', machine: { ...MACHINE, cores: 8 } });
    const text = page(of(result(), other));
    expect(text).toContain('The machine: 8 × P');
    expect(text.indexOf('The machine: 8 × P')).toBeGreaterThan(text.indexOf('100 hosts'));
    expect(text).toContain(markdown([other]));
  });

  test('keeps what is written between the marks, and is the same made twice', () => {
    const first = page(of(result())).replace('Nothing is written here yet.', 'The floor is `ip`.');
    const second = page(of(result({ limit: 0.1 })), first);
    expect(second).toContain('The floor is `ip`.');
    expect(second).toContain('**not met**');
    expect(page(of(result({ limit: 0.1 })), second)).toBe(second);
  });

  test('is refused where a mark is lost, rather than losing what was written', () => {
    expect(() => page(of(result()), 'text <!-- kept --> more text')).toThrow('<!-- /kept -->');
  });
});

test('a lab’s processes are the owner, its children’s children, and who shares a namespace of theirs', () => {
  const all = [
    { pid: 1, parent: 0, namespaces: ['net:1', 'pid:1'] },
    { pid: 10, parent: 1, namespaces: ['net:1', 'pid:1'] },
    { pid: 11, parent: 10, namespaces: ['net:2', 'pid:1'] },
    { pid: 12, parent: 1, namespaces: ['net:2', 'pid:3'] }, // its parent has ended
    { pid: 13, parent: 1, namespaces: ['net:1', 'pid:3'] },
    { pid: 20, parent: 1, namespaces: ['net:9', 'pid:1'] }, // of another lab
  ];
  expect(ofLab(10, all, ['net:1', 'pid:1']).sort()).toEqual([10, 11, 12, 13]);
});

test('a ping of Mininet’s counts where its one packet came back', () => {
  const said = (received: number) => `PING\n\n1 packets transmitted, ${received} received, 0% packet loss\n`;
  expect([isAnswered(said(1)), isAnswered(said(0)), isAnswered('')]).toEqual([true, false, false]);
});

test('the scenario of so many hosts has a step where it is to ping, and none else', () => {
  expect(plainText(3, true).match(/^ {2}h\d: \{ networks: \[lan\] \}$/gm)).toHaveLength(3);
  expect(plainText(3, true)).toContain('ping: { to: h3, count: 1 }');
  expect(plainText(3, false)).not.toContain('steps:');
});

test('every row has a name of its own', () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
});

test('docs/performance.md is made from the results beside the bench (npm run bench:labs -- --from … --write …)', async () => {
  const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const text = readFileSync(at('docs/performance.md'), 'utf8');
  expect(text).toBe(page((await readResults(at('bench/results/labs.json')))!, text));
});

/** The steps time, ntp, download and chat against the programs themselves. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loopback, loopback, summary } from './loopback.ts';

let lab: Loopback;
beforeAll(async () => {
  lab = await loopback();
});
afterAll(() => lab[Symbol.asyncDispose]());

describe('time', () => {
  test('a format is answered with the time in it, and the server saw who asked', async () => {
    const result = await lab.run({
      at: 'alice',
      time: { to: 'clock', format: '%Y/%m/%d' },
      expect: { receive: { matches: '^\\d{4}/\\d\\d/\\d\\d$' }, seen: { by: 'clock', text: '%Y/%m/%d' } },
    });
    expect(result.status, summary(result)).toBe('held');
    expect(result.did).toMatch(
      /^time 127[\d.:]+ > 127[\d.]+:9000, asked for "%Y\/%m\/%d", got "\d{4}\/\d\d\/\d\d"$/,
    );
  });

  test('nobody at the port is refused', async () => {
    const result = await lab.run({ at: 'alice', time: { to: 'clock:9998' }, expect: { fails: 'refused' } });
    expect(result.status, summary(result)).toBe('held');
  });
});

describe('ntp', () => {
  test('the facts of the answer are fields', async () => {
    const result = await lab.run({
      at: 'alice',
      ntp: { to: 'clock:9123', version: 3 },
      expect: {
        fields: { version: 3, stratum: '1 .. 15', offset: '-0.5 .. 0.5', delay: '>= 0', leap: 0 },
        seen: { by: 'clock', bytes: 48 },
      },
    });
    expect(result.status, summary(result)).toBe('held');
    expect(result.checks).toHaveLength(6);
  });

  test('a field that does not hold, or is not there, says what is', async () => {
    const result = await lab.run({
      at: 'alice',
      ntp: { to: 'clock:9123' },
      expect: { fields: { version: 3, stratus: 1 } },
    });
    expect(result.checks[0]).toMatchObject({ what: 'version 3', held: false, expected: '3', found: '4' });
    expect(result.checks[1]?.found).toMatch(/^this step has: version, mode, /);
  });
});

describe('download', () => {
  const whole = Buffer.alloc(300_000, 'abc');
  const sha256 = createHash('sha256').update(whole).digest('hex');

  test('a long file is compared by number and hash', async () => {
    const result = await lab.run({
      at: 'alice',
      download: { to: 'files', name: 'big.bin' },
      expect: {
        receive: { bytes: '300kB', sha256, end: true },
        seen: { by: 'files' },
        fields: { bytes: 300_000 },
      },
    });
    expect(result.status, summary(result)).toBe('held');
  });

  test('a long file is compared exactly, though only its beginning is kept', async () => {
    const step = { at: 'alice', download: { to: 'files', name: 'big.bin' } };
    const same = await lab.run({ ...step, expect: { receive: { repeat: 'abc', times: 100_000 } } });
    expect(same.status, summary(same)).toBe('held');
    const other = await lab.run({ ...step, expect: { receive: { repeat: 'abc', times: 100_001 } } });
    expect(other.checks[0]?.why).toContain('300000 came');
  });

  test('another hash is shown', async () => {
    const result = await lab.run({
      at: 'alice',
      download: { to: 'files', name: 'note.txt' },
      expect: { receive: { sha256: '0'.repeat(64) } },
    });
    expect(result.checks[0]?.why).toBe(`sha256 is ${createHash('sha256').update('a note\n').digest('hex')}`);
    expect(result.checks[0]?.found).toBe('"a note\\n"');
  });

  test('a name that does not exist yields nothing', async () => {
    const result = await lab.run({
      at: 'alice',
      download: { to: 'files', name: 'nothing.txt' },
      expect: { receive: { bytes: 0, end: true }, seen: { by: 'files', text: 'nothing.txt' } },
    });
    expect(result.status, summary(result)).toBe('held');
  });
});

describe('chat', () => {
  test('people log in, are told who speaks from where, and one alone hears what is for them', async () => {
    const log = async (at: string) =>
      lab.run({
        at,
        chat: { to: 'chat', login: at, as: `${at}-talk` },
        expect: {
          receive: { matches: `^relay: welcome ${at}, you speak from 127` },
          seen: { by: 'chat', text: `/login ${at}` },
        },
      });
    for (const person of ['alice', 'bob', 'carol']) expect((await log(person)).status).toBe('held');
    const said = await lab.run({
      at: 'alice',
      chat: { use: 'alice-talk', say: 'hello' },
      expect: { seen: { by: 'chat', text: 'hello' } },
    });
    expect(said.status, summary(said)).toBe('held');
    const heard = async (at: string, matches: string) =>
      lab.run({ at, chat: { use: `${at}-talk` }, expect: { receive: { matches } } });
    for (const person of ['bob', 'carol']) {
      expect((await heard(person, '^alice \\([\\d.]+:\\d+\\): hello$')).status).toBe('held');
    }
    await lab.run({ at: 'bob', chat: { use: 'bob-talk', person: 'alice', say: 'just you' } });
    expect((await heard('alice', '^bob .* to you: just you$')).status).toBe('held');
    const carol = await lab.run({
      at: 'carol',
      chat: { use: 'carol-talk' },
      expect: { receive: { nothing: true }, for: 50 },
    });
    expect(carol.status, summary(carol)).toBe('held');
    const who = await lab.run({
      at: 'bob',
      chat: { use: 'bob-talk', who: true },
      expect: { receive: { matches: 'carol' } },
    });
    expect(who.status, summary(who)).toBe('held');
    const quit = await lab.run({
      at: 'bob',
      chat: { use: 'bob-talk', quit: true },
      expect: { receive: 'relay: goodbye bob' },
    });
    expect(quit.status, summary(quit)).toBe('held');
  });

  test('a relay that is not there is the failure', async () => {
    const result = await lab.run({
      at: 'alice',
      chat: { to: 'chat:9997', login: 'alice', give_up: '200ms' },
      expect: { fails: 'timeout' },
    });
    expect(summary(result)).toMatch(/^held\n(timeout|refused)/);
  });
});

describe('exec', () => {
  test('the output is received, the exit is a field', async () => {
    const result = await lab.run({
      at: 'alice',
      exec: { run: 'cat; echo "$NAME" >&2', stdin: 'in\n', env: { NAME: 'value' } },
      expect: { receive: 'in\n', fields: { exit: 0, stderr: 'value\n' } },
    });
    expect(result.status, summary(result)).toBe('held');
  });

  test('a list is run without a shell', async () => {
    const result = await lab.run({
      at: 'alice',
      exec: ['echo', '$HOME'],
      expect: { receive: '$HOME\n' },
    });
    expect(result.status, summary(result)).toBe('held');
  });

  test('an exit other than 0 fails with what the command said, unless it is expected', async () => {
    const failed = await lab.run({ at: 'alice', exec: 'echo sorry >&2; exit 3' });
    expect(failed.checks).toEqual([
      {
        kind: 'action',
        what: 'ran echo sorry >&2; exit 3',
        held: false,
        expected: 'exit 0',
        found: 'exit 3',
        why: 'stdout: nothing',
      },
    ]);
    expect(failed.stderr).toBe('sorry\n');
    const expected = await lab.run({ at: 'alice', exec: 'exit 3', expect: { fields: { exit: 3 } } });
    expect(summary(expected)).toBe('held\nexit is 3');
  });

  const complaint = Array.from({ length: 200 }, (_, index) => `line ${index + 1}\n`).join('');

  test.each([
    ['fails', {}],
    ['ends as it was not to end', { expect: { fields: { exit: 4 } } }],
    ['says what it was not to say', { expect: { fields: { exit: 3 }, receive: 'hello' } }],
  ])('a command that %s tells all of its standard error', async (_, rest) => {
    const run = 'for i in $(seq 200); do echo line $i >&2; done; exit 3';
    const result = await lab.run({ at: 'alice', exec: run, ...rest });
    expect(result).toMatchObject({ status: 'failed', stderr: complaint });
  });

  test('a command that is ended at its limit tells what it had written to standard error', async () => {
    const run = 'echo waiting for nobody >&2; sleep 60';
    const result = await lab.run({ at: 'alice', exec: { run, give_up: '1s' } });
    expect(result).toMatchObject({ status: 'failed', stderr: 'waiting for nobody\n' });
  });

  test('a command that does as it should tells nothing of its standard error', async () => {
    const result = await lab.run({ at: 'alice', exec: 'echo careful >&2' });
    expect(result.status).toBe('held');
    expect(result).not.toHaveProperty('stderr');
  });

  test('a command that does not end is given up', async () => {
    const result = await lab.run({
      at: 'alice',
      exec: { run: 'sleep 60', give_up: '100ms' },
      expect: { fails: 'timeout' },
    });
    expect(result.status, summary(result)).toBe('held');
  });
});

describe('every step', () => {
  test('whose frames nobody can capture is done all the same, and skipped for what cannot be judged', async () => {
    const wire = { at: 'bob', in_order: ['tcp alice > echo SYN'] };
    const result = await lab.run({ at: 'alice', exec: 'true', expect: { wire, fields: { exit: 0 } } });
    expect(result).toMatchObject({
      status: 'skipped',
      checks: [{ held: true }],
      skipped: { why: 'this test has none', hint: 'none is needed' },
    });
    const wrong = await lab.run({ at: 'alice', exec: 'true', expect: { wire, fields: { exit: 1 } } });
    expect(wrong.status).toBe('failed');
  });

  test('that lacks a capability is skipped with the reason and the hint', async () => {
    const result = await lab.run({ at: 'alice', ping: { to: 'echo' } });
    expect(result).toMatchObject({
      status: 'skipped',
      did: 'alice pings echo',
      skipped: { why: 'this test has none', hint: 'none is needed' },
    });
  });

  test('without expectations still says what it did', async () => {
    const result = await lab.run({ at: 'alice', tcp: { to: 'echo:9000' } });
    expect(result.checks).toEqual([{ kind: 'did', what: result.did, held: true }]);
  });

  test('has the name that the author gave it, or says what it is about', async () => {
    expect((await lab.run({ at: 'alice', exec: 'true' })).name).toBe('alice runs true');
    expect((await lab.run({ at: 'alice', name: 'mine', exec: 'true' })).name).toBe('mine');
  });
});

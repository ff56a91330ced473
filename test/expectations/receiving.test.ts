/** The value of `receive` as it is written, and received bytes held against it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge as judgeWithin } from '../../lab/expectations/judging.ts';
import { describe as inWords, type Receive, receiving } from '../../lab/expectations/receiving.ts';
import { type Answer, answerOf } from '../../lab/outcomes/outcome.ts';

const bytes = fc.uint8Array({ maxLength: 200 });
const hex = (content: Uint8Array) => Buffer.from(content).toString('hex');

describe('receive, as it is written', () => {
  test('text alone is exactly this text', () => {
    expect(receiving.parse('HELLO')).toEqual({ exact: { text: 'HELLO' } });
    expect(receiving.parse({ text: 'HELLO', end: true })).toEqual({ exact: { text: 'HELLO' }, end: true });
  });

  test('every form of bytes is exact', () => {
    expect(receiving.parse({ hex: '00 FF' })).toEqual({ exact: { hex: '00ff' } });
    expect(receiving.parse({ repeat: 'ab', times: 3 })).toEqual({ exact: { repeat: 'ab', times: 3 } });
    expect(receiving.parse({ random: '1kB', seed: 's' })).toEqual({ exact: { random: 1000, seed: 's' } });
  });

  test.each([
    [{}, '`receive` says nothing'],
    [{ nothing: true, text: 'x' }, '`nothing` stands alone'],
    [{ text: 'x', hex: '00' }, 'no bytes can be made from'],
    [{ text: 12 }, 'YAML reads 12 as a number'],
    [{ matches: '(' }, 'is not a regular expression'],
    [{ sha256: 'abc' }, 'a SHA-256 is 64 hex digits'],
    [{ txt: 'x' }, 'txt'],
  ])('%j is refused: %s', (written, message) => {
    const parsed = receiving.safeParse(written);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(message);
  });

  test('in words it says all that is wanted', () => {
    const want = receiving.parse({ matches: '^a', bytes: 5, end: true, from: 'echo:7' });
    expect(inWords(want)).toBe('something like /^a/, 5 bytes, then the end from echo:7');
  });
});

describe('what came, judged', () => {
  const ALL_HOLDS = { problems: [], unsure: [] };
  const judge = (want: Receive, found: Answer) => judgeWithin(want, found, 5_000);

  test('the same bytes always hold', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        const found = answerOf(content);
        const wants = [
          { exact: { hex: hex(content) } },
          { bytes: content.length },
          { sha256: found.sha256! },
        ];
        for (const want of wants) expect(await judge(want, found)).toEqual(ALL_HOLDS);
      }),
    );
  });

  test('any other bytes never hold, and the difference is named', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (expected, content) => {
        fc.pre(hex(expected) !== hex(content));
        const { problems } = await judge({ exact: { hex: hex(expected) } }, answerOf(content));
        expect(problems[0]).toMatch(/^first difference at byte \d+: |^the first \d+ /);
      }),
    );
  });

  test('of a long answer only the head is there, and its hash decides', async () => {
    const whole = Buffer.alloc(1000, 'a');
    const found = { ...answerOf(whole), head: whole.subarray(0, 10) };
    expect(await judge({ exact: { repeat: 'a', times: 1000 } }, found)).toEqual(ALL_HOLDS);
    expect((await judge({ exact: { repeat: 'a', times: 999 } }, found)).problems).toEqual([
      'the first 10 bytes are right, 1000 came, later ones differ',
    ]);
  });

  test('of an answer without a hash only what its head shows is judged', async () => {
    const found: Answer = { head: Buffer.from('abcdefghij'), bytes: 1000, sha256: undefined };
    const UNSURE = { problems: [], unsure: ['only the first 10 of 1000 bytes are kept'] };
    expect(await judge({ matches: 'c.e' }, found)).toEqual(ALL_HOLDS);
    for (const matches of ['x', 'j', '^a.*$', '^(?!.*x)'])
      expect(await judge({ matches }, found)).toEqual(UNSURE);
    expect(await judge({ sha256: '0'.repeat(64) }, found)).toEqual(UNSURE);
    expect(await judge({ exact: { text: 'abcdefghij'.repeat(100) } }, found)).toEqual(UNSURE);
    expect(await judge({ bytes: 1000 }, found)).toEqual(ALL_HOLDS);
    expect((await judge({ exact: { text: 'abx'.repeat(400) } }, found)).problems).toHaveLength(1);
  });

  test('another number of bytes does not hold', async () => {
    const { problems } = await judge({ bytes: 5 }, answerOf(Buffer.from('four')));
    expect(problems).toEqual(['4 bytes where 5 were expected']);
  });

  test('a pattern is searched, and anchored where it says so', async () => {
    const found = answerOf(Buffer.from('one\ntwo'));
    expect(await judge({ matches: 'e.t' }, found)).toEqual(ALL_HOLDS);
    expect((await judge({ matches: '^two' }, found)).problems).toEqual(['/^two/ is not in it']);
  });
});

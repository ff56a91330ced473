import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../lab/expectations/judging.ts';
import { describe as inWords, receiving } from '../../lab/expectations/receiving.ts';
import { answerOf } from '../../lab/outcomes/outcome.ts';

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
  test('the same bytes always hold', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const found = answerOf(content);
        const wants = [{ exact: { hex: hex(content) } }, { bytes: content.length }, { sha256: found.sha256 }];
        expect(wants.flatMap((want) => judge(want, found))).toEqual([]);
      }),
    );
  });

  test('any other bytes never hold, and the difference is named', () => {
    fc.assert(
      fc.property(bytes, bytes, (expected, content) => {
        fc.pre(hex(expected) !== hex(content));
        const [problem] = judge({ exact: { hex: hex(expected) } }, answerOf(content));
        expect(problem).toMatch(/^first difference at byte \d+: |^the first \d+ /);
      }),
    );
  });

  test('of a long answer only the head is there, and its hash decides', () => {
    const whole = Buffer.alloc(1000, 'a');
    const found = { ...answerOf(whole), head: whole.subarray(0, 10) };
    expect(judge({ exact: { repeat: 'a', times: 1000 } }, found)).toEqual([]);
    expect(judge({ exact: { repeat: 'a', times: 999 } }, found)).toEqual([
      'the first 10 bytes are right, 1000 came, later ones differ',
    ]);
  });

  test('another number of bytes does not hold', () => {
    expect(judge({ bytes: 5 }, answerOf(Buffer.from('four')))).toEqual(['4 bytes where 5 were expected']);
  });

  test('a pattern is searched, and anchored where it says so', () => {
    const found = answerOf(Buffer.from('one\ntwo'));
    expect(judge({ matches: 'e.t' }, found)).toEqual([]);
    expect(judge({ matches: '^two' }, found)).toEqual(['/^two/ is not in it']);
  });
});

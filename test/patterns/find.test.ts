/** Patterns are found as they always were, and none can hold a run. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isQuick } from '../../lab/patterns/cost.ts';
import { find, findIn } from '../../lab/patterns/find.ts';
import { SlowPattern } from '../../lab/patterns/slow-pattern.ts';

/** Each doubles, or worse, with every letter. */
const SLOW = [/^(a+)+$x/su, /^(a|a)*$x/su, /^(a*)*b/su, /^(\w+\s?)*$/u, /(a?){40}a{40}x/u, /^(?:a|aa)+$x/u];
const LETTERS = `${'a'.repeat(46)}!`;

async function slowness(pattern: RegExp, text: string): Promise<SlowPattern> {
  const error: unknown = await find(pattern, text, 0).catch((thrown: unknown) => thrown);
  if (!(error instanceof SlowPattern)) throw new Error(`it was not slow: ${String(error)}`);
  return error;
}

describe('a pattern', () => {
  test('that is quick is found where RegExp finds it, in this thread or another', async () => {
    const texts = ['nothing', 'one HELLO 42 more'];
    const found = { text: 1, from: 4, to: 12 };
    expect(await findIn(/HELLO \d+/u, texts, 5_000)).toEqual(found);
    expect(await findIn(/(HELLO)+ (\d)+/u, texts, 5_000)).toEqual(found);
    expect(await findIn(/(?:hello)+ \d+/giu, texts, 5_000)).toEqual(found);
    expect(await find(/^(a+)+$/u, 'aaa', 5_000)).toEqual({ text: 0, from: 0, to: 3 });
    expect(await find(/(x)+/u, 'aaa', 5_000)).toBeUndefined();
  });

  test.each(SLOW)('%s is ended when its time is over, and nothing else waits for it', async (pattern) => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const [slow, other] = await Promise.all([slowness(pattern, LETTERS), find(/(b)+/u, 'abb', 60_000)]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
    expect(other).toEqual({ text: 0, from: 1, to: 3 });
    expect(slow).toMatchObject({ pattern, bytes: 47, milliseconds: 1_000, code: 'scenario' });
    expect(slow.message).toBe(`the pattern /${pattern.source}/ was still being tried after 1 s, on 47 bytes`);
  });

  test('that is slow holds up nothing that comes after it', async () => {
    await slowness(SLOW[0]!, LETTERS);
    expect(await find(/(b)+/u, 'abb', 1)).toEqual({ text: 0, from: 1, to: 3 });
  });

  test('that is called quick is, on any text', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '\\w');
    const part = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,9}', '*?'))
      .map((both) => both.join(''));
    const parts = fc.array(part, { minLength: 1, maxLength: 8 }).map((some) => some.join(''));
    const grouped = fc
      .tuple(parts, fc.constantFrom('', '*', '+', '{2,}'))
      .map(([some, how]) => `(${some})${how}`);
    const patterns = fc
      .array(fc.oneof(parts, grouped), { minLength: 1, maxLength: 6 })
      .chain((some) => fc.constantFrom('', '|').map((between) => some.join(between)));
    fc.assert(
      fc.property(patterns, fc.stringMatching(/^[ab]{0,120}$/), (source, text) => {
        const pattern = new RegExp(`^${source}$x`, 'su');
        fc.pre(isQuick(pattern, [text.length]));
        const before = process.cpuUsage();
        pattern.test(text);
        // Microseconds of this process alone, however busy the machine is.
        expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
      }),
    );
  });
});

test('a program can end though a pattern is still being tried', () => {
  const module = new URL('../../lab/patterns/find.ts', import.meta.url);
  const script = `import { find } from '${module}'; find(/^(a+)+$x/su, '${LETTERS}', 600_000);
    setTimeout(() => console.log('over'), 500);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'over\n', stderr: '' });
});

/** Values that words share: times, sizes, ports, names, endpoints, patterns. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { duration, endpoint, name, port, regex, size } from '../../lab/scenario/values/values.ts';
import { tell } from '../../lab/wire/lines/hint.ts';

function wrong(schema: z.ZodType, input: unknown): { message: string; hint: unknown } {
  const issue = schema.safeParse(input).error?.issues[0];
  if (issue?.code !== 'custom') throw new Error(`${String(input)} was taken`);
  return { message: issue.message, hint: tell(issue.params?.hint) };
}

describe('a time', () => {
  test.each([
    ['500ms', 500],
    ['2s', 2000],
    ['1.5s', 1500],
    ['1m', 60_000],
    ['24h', 86_400_000],
  ])('%s is %i ms', (text, milliseconds) => expect(duration.parse(text)).toBe(milliseconds));

  test('a bare number is refused with the hint', () => {
    expect(wrong(duration, 2)).toEqual({ message: 'the time 2 has no unit', hint: 'write 2s' });
  });

  test.each(['2', '2 s', '-1s', '1s2ms', '', 's', '1e3s', '25h', null, true])('%j is no time', (input) => {
    expect(duration.safeParse(input).success).toBe(false);
  });
});

describe('a size', () => {
  test.each([
    [0, 0],
    [1500, 1500],
    ['64KiB', 65_536],
    ['5MB', 5_000_000],
    ['1.5MB', 1_500_000],
    ['1kB', 1000],
    ['7B', 7],
  ])('%s is %i bytes', (text, bytes) => expect(size.parse(text)).toBe(bytes));

  test.each([-1, 1.5, '0.3B', '5 MB', '5mb', 'MB', '', null])('%j is no size', (input) => {
    expect(size.safeParse(input).success).toBe(false);
  });
});

describe('a port', () => {
  test('is a whole number from 1 to 65535', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 65_535 }),
        (number) => void expect(port.parse(number)).toBe(number),
      ),
    );
    for (const input of [0, 65_536, 1.5, -1, '', 'http', null])
      expect(port.safeParse(input).success).toBe(false);
  });
});

describe('a name', () => {
  test.each(['ab', 'tcp-echo', 'a1', `a${'b'.repeat(31)}`])('%s is one', (text) => {
    expect(name.parse(text)).toBe(text);
  });

  test.each(['a', 'A1', '1a', '-a', 'a-', 'a_b', 'a.b', `a${'b'.repeat(32)}`, 'ä1', 'ab\n', '', 7])(
    '%j is none',
    (input) => expect(name.safeParse(input).success).toBe(false),
  );
});

test('an endpoint that YAML reads as a number is refused with the hint', () => {
  expect(wrong(endpoint, 9000).hint).toBe('write a host and a port in quotes: "echo:9000"');
});

test('a regular expression that is none is refused with the reason', () => {
  expect(regex.parse('^a+$')).toBe('^a+$');
  expect(wrong(regex, '(').message).toBe('"(" is not a regular expression: Unterminated group');
});

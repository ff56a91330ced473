/** Bytes, addresses, times and failures as a report prints them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstDifference, showBytes, showEndpoint, showFailure, showTime } from '../../lab/outcomes/show.ts';

const bytes = fc.uint8Array({ maxLength: 2000 });

describe('bytes in a report', () => {
  test.each<[string, Buffer, string]>([
    ['no bytes', Buffer.alloc(0), 'nothing'],
    ['text', Buffer.from('Grüße\n'), '"Grüße\\n"'],
    ['what is not UTF-8', Buffer.from([0xff, 0x00]), '2 bytes ff 00'],
    ['a control character', Buffer.from('a\u001b[2J'), '5 bytes 61 1b 5b 32 4a'],
  ])('%s', (_, content, printed) => {
    expect(showBytes(content)).toBe(printed);
  });

  test('long text is its beginning, its length and its hash', () => {
    expect(showBytes(Buffer.alloc(300, 'a'))).toBe(`300 bytes: "${'a'.repeat(60)}"… (sha256 9835fa6bf4e2…)`);
  });

  test('are always printable and bounded', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const shown = showBytes(content);
        expect(shown).toMatch(/^\P{C}*$/u);
        expect(shown.length).toBeLessThan(300);
      }),
    );
  });
});

describe('the first difference', () => {
  test('is none between equal bytes, and only there', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(firstDifference(one, one)).toBeUndefined();
        expect(firstDifference(one, other) === undefined).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });

  test('is where one byte was changed', () => {
    const at = fc
      .uint8Array({ minLength: 1, maxLength: 500 })
      .chain((content) => fc.record({ content: fc.constant(content), index: fc.nat(content.length - 1) }));
    fc.assert(
      fc.property(at, ({ content, index }) => {
        const changed = Buffer.from(content);
        changed[index] = changed[index]! ^ 0x20;
        expect(firstDifference(content, changed)).toContain(`first difference at byte ${index}:`);
      }),
    );
  });

  test('names what is missing and what is too much', () => {
    expect(firstDifference(Buffer.from('abc'), Buffer.from('ab'))).toContain(
      'the first 2 of 3 bytes are right',
    );
    expect(firstDifference(Buffer.from('ab'), Buffer.from('abc'))).toContain('then more came: "c"');
  });
});

test('addresses, times and failures are short', () => {
  expect(showEndpoint({ address: '10.50.1.10', port: 7 })).toBe('10.50.1.10:7');
  expect(showEndpoint({ address: 'fd00::1', port: 7 })).toBe('[fd00::1]:7');
  expect([0.04, 0.44, 12.4, 3060].map(showTime)).toEqual(['0 ms', '0.4 ms', '12 ms', '3.06 s']);
  expect(
    showFailure({ kind: 'refused', errno: 'ECONNREFUSED', syscall: 'connect', message: '', after: 0.41 }),
  ).toBe('refused: ECONNREFUSED from connect after 0.4 ms');
});

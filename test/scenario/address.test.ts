/** Texts that are addresses, and those that are not: the quick looks say what the thorough one says. */
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { parseAddress, printAddress } from '../../lab/model/address.ts';

/** By the library alone. */
function thorough(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return ipaddr.IPv6.parse(text).toString();
}

function quick(text: string): string | undefined {
  const address = parseAddress(text);
  return address && printAddress(address);
}

const piece = fc.constantFrom(
  '0',
  '1',
  '01',
  '255',
  '256',
  'fd00',
  'FFFF',
  '12345',
  'echo',
  '',
  '%eth0',
  '[',
  ']',
);
const almost = fc
  .array(fc.tuple(piece, fc.constantFrom('.', ':', '::', '')), { maxLength: 9 })
  .map((parts) => parts.flat().join(''));

test.each([
  ...[
    '10.50.1.10',
    '255.255.255.255',
    '0.0.0.0',
    '256.1.1.1',
    '01.1.1.1',
    '1.2.3',
    '1.2.3.4.5',
    '0x7f.1.1.1',
  ],
  ...[
    '::',
    '::1',
    'fd00:50:1::10',
    'FD00::A',
    '::ffff:10.0.0.1',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:9',
    ':::',
  ],
  ...['fe80::1%eth0', 'echo:9000', 'echo', '', '10.50.1.10:9000', '[fd00::1]', '1::2::3', '::ffff:256.0.0.1'],
])('`%s` is read as the library reads it', (text) => {
  expect(quick(text)).toBe(thorough(text));
});

test('so is any text that looks like one, and any address', () => {
  const any = fc.oneof(fc.ipV4(), fc.ipV6(), almost, fc.string());
  fc.assert(
    fc.property(any, (text) => quick(text) === thorough(text)),
    { numRuns: 2000 },
  );
});

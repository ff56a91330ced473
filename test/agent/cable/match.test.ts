/** Which frames a stage is for, asked of frames as bytes. */
import { expect, test } from 'vitest';
import type { Matching } from '../../../lab/agent/cable/impairment.ts';
import { matcher } from '../../../lab/agent/cable/match.ts';

const ETHERNET = '020000000002020000000001';
const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
/** 10.0.0.1 to 10.0.0.2, ports 1000 and 9000. */
const UDP = hex(
  ETHERNET,
  '0800',
  '45000020 0001 0000 4011 0000 0a000001 0a000002',
  '03e8 2328 000c 0000 68656c6f',
);
const FRAGMENT = hex(
  ETHERNET,
  '0800',
  '45000020 0001 0010 4011 0000 0a000001 0a000002',
  '03e8 2328 000c 0000 68656c6f',
);
const TCP = hex(
  ETHERNET,
  '0800',
  '46000030 0001 4000 4006 0000 0a000001 0a000002 01010100',
  '03e8 0007 00000000 00000000 5002ffff 00000000',
);
const ARP = hex(ETHERNET, '0806', '0001 0800 06 04 0001', '020000000001 0a000001', '000000000000 0a000002');
const SIX = hex(
  ETHERNET,
  '86dd',
  '60000000 0014 00 40',
  'fd000000000000000000000000000001',
  'fd000000000000000000000000000002',
  '11 00 00 00 00 00 00 00',
  '03e8 2328 000c 0000 68656c6f',
);
const TAGGED = hex(ETHERNET, '8100 0005', UDP.toString('hex', 12));

const names = { UDP, FRAGMENT, TCP, ARP, SIX, TAGGED };
function matching(what: Matching): string[] {
  const matches = matcher(what);
  return Object.entries(names).flatMap(([name, frame]) => (matches(frame, 'in') ? [name] : []));
}

test.each<[string, Matching, string[]]>([
  ['nothing said', {}, Object.keys(names)],
  ['a sender’s card', { peers: ['02:00:00:00:00:01'] }, Object.keys(names)],
  ['another card', { peers: ['02:00:00:00:00:09'] }, []],
  ['udp', { protocol: 'udp' }, ['UDP', 'FRAGMENT', 'SIX', 'TAGGED']],
  ['tcp', { protocol: 'tcp' }, ['TCP']],
  ['arp', { protocol: 'arp' }, ['ARP']],
  ['ip', { protocol: 'ip' }, ['UDP', 'FRAGMENT', 'TCP', 'SIX', 'TAGGED']],
  ['a port', { protocol: 'udp', toPort: 9000 }, ['UDP', 'SIX', 'TAGGED']],
  ['the sender’s port', { fromPort: 1000 }, ['UDP', 'TCP', 'SIX', 'TAGGED']],
  ['a receiver', { to: ['10.0.0.2'] }, ['UDP', 'FRAGMENT', 'TCP', 'ARP', 'TAGGED']],
  ['a sender of IPv6', { from: ['fd00::1'] }, ['SIX']],
  ['another sender', { from: ['10.0.0.9', 'fd00::9'] }, []],
])('%s', (_, what, expected) => {
  expect(matching(what)).toEqual(expected);
});

test('a frame that is cut short is nobody’s, and no error', () => {
  const matches = matcher({ protocol: 'udp', toPort: 9000 });
  for (const frame of Object.values(names))
    for (let length = 0; length < frame.length; length++)
      expect(() => matches(frame.subarray(0, length), 'in')).not.toThrow();
  expect(matches(UDP.subarray(0, 36), 'in')).toBe(false);
});

test('what leaves is known by whom it is sent to', () => {
  const matches = matcher({ peers: ['02:00:00:00:00:02'] });
  expect(matches(UDP, 'out')).toBe(true);
  expect(matches(UDP, 'in')).toBe(false);
});

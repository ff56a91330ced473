/** Lines of `wire` read: what each part becomes, and what is said of a wrong one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEMBERSHIPS } from '../../lab/wire/igmp-words.ts';
import { APPLICATION_WORDS, isApplication } from '../../lab/wire/lines/application.ts';
import { tell } from '../../lab/wire/lines/hint.ts';
import {
  ADDRESSES,
  CARDS,
  type Field,
  fieldsOf,
  hasPorts,
  isBetweenCards,
  type Line,
  NUMBERS,
  PROTOCOLS,
  type Protocol,
} from '../../lab/wire/lines/line.ts';
import { messagesOf } from '../../lab/wire/lines/messages.ts';
import { printLine } from '../../lab/wire/lines/print.ts';
import { hostsOf, readLine } from '../../lab/wire/lines/read.ts';

function read(text: string): Line {
  const { line, problems } = readLine(text);
  if (!line) throw new Error(problems.map(({ message }) => message).join('; '));
  return line;
}

describe('a line is read', () => {
  test('with a host that has the name of a field', () => {
    expect(read('arp df > * who-has df').word).toEqual({
      word: 'who-has',
      whom: { kind: 'host', host: 'df' },
    });
  });

  test('with hosts, a cable, ports and flags', () => {
    expect(read('tcp alice > router.office:9000 SYN+ACK')).toEqual({
      protocol: 'tcp',
      source: { party: { kind: 'host', host: 'alice' } },
      destination: { party: { kind: 'host', host: 'router', network: 'office' }, port: 9000 },
      word: { word: 'flags', flags: 18 },
      fields: [],
    });
  });

  test.each<[string, unknown]>([
    ['10.50.1.10', { party: { kind: 'address', address: '10.50.1.10' } }],
    ['10.50.1.10:7', { party: { kind: 'address', address: '10.50.1.10' }, port: 7 }],
    ['[fd00::1]:7', { party: { kind: 'address', address: 'fd00::1' }, port: 7 }],
    ['FD00:0:0::0001', { party: { kind: 'address', address: 'fd00::1' } }],
    ['*', { party: { kind: 'any' } }],
    ['*:9000', { party: { kind: 'any' }, port: 9000 }],
    ['broadcast:9000', { party: { kind: 'broadcast' }, port: 9000 }],
    ['multicast', { party: { kind: 'multicast' } }],
  ])('to %s', (written, end) => {
    expect(read(`udp alice > ${written}`).destination).toEqual(end);
  });

  test('between cards, with what ARP asks and answers', () => {
    expect(read('arp alice > ff:ff:ff:ff:ff:ff who-has 10.50.1.10').destination.party).toEqual({
      kind: 'broadcast',
    });
    expect(read('arp alice > broadcast who-has echo').word).toEqual({
      word: 'who-has',
      whom: { kind: 'host', host: 'echo' },
    });
    expect(read('arp echo > alice is-at').word).toEqual({ word: 'is-at' });
    expect(read('arp echo > alice is-at 02:6C:61:00:00:02 len=18').word).toEqual({
      word: 'is-at',
      card: { kind: 'mac', mac: '02:6c:61:00:00:02' },
    });
  });

  test('with numbers, comparisons, ranges, switches, cards and text', () => {
    const written = `tcp a1 > b2 PSH+ACK ttl=60..64 win>0 len>=5 seq=+1 ack=77 df fragment=no mac=router text="a \\"b\\" c" checksum=right`;
    expect(read(written).fields).toEqual([
      { field: 'ttl', number: { relative: false, test: '..', from: 60, to: 64 } },
      { field: 'win', number: { relative: false, test: '>', value: 0 } },
      { field: 'len', number: { relative: false, test: '>=', value: 5 } },
      { field: 'seq', number: { relative: true, test: '=', value: 1 } },
      { field: 'ack', number: { relative: false, test: '=', value: 77 } },
      { field: 'df', is: true },
      { field: 'fragment', is: false },
      { field: 'mac', card: { kind: 'host', host: 'router' } },
      { field: 'text', text: 'a "b" c' },
      { field: 'checksum', right: true },
    ]);
    expect(read("udp a1 > b2 text='x y'").fields).toEqual([{ field: 'text', text: 'x y' }]);
    expect(read('udp a1 > b2 text=hello').fields).toEqual([{ field: 'text', text: 'hello' }]);
  });

  test('and says every host it speaks of', () => {
    const line = read('arp alice > bob.office is-at echo mac=router from_mac=*');
    expect(hostsOf(line)).toEqual(['alice', 'bob.office', 'echo', 'router']);
  });
});

/** Line, then what stands there, marked, and what is said of it. */
function complaints(text: string): string {
  const { problems = [] } = readLine(text);
  return problems
    .map(({ column, length, message, hint, allowed }) => {
      const more = tell(hint) ?? (allowed ? `(${allowed.slice(0, 4).join(', ')}…)` : '');
      return `${text}\n${' '.repeat(column - 1)}${'^'.repeat(length)} ${column}: ${message}${more && `: ${more}`}`;
    })
    .join('\n');
}

const WRONG = [
  '',
  'tpc alice > echo',
  'TCP alice > echo',
  'tcp alice echo SYN',
  'tcp alice',
  'tcp > echo',
  'tcp alice > ',
  'tcp alice>echo SYN',
  'tcp alice -> echo SYN',
  'tcp alice → echo SYN',
  'tcp alice < echo SYN',
  'tcp Alice > echo',
  'tcp alice > 10.50.1.300',
  'tcp alice > echo:90000',
  'tcp alice > echo:',
  'arp alice:9 > broadcast',
  'arp 10.50.1.21 > broadcast',
  'frame 10.50.1.21 > *',
  'ip 02:6c:61:00:00:01 > *',
  'udp broadcast > alice',
  'tcp alice > echo FIN',
  'tcp alice > echo PSH',
  'tcp alice > echo SYN,ACK',
  'tcp alice > echo SYN/ACK',
  'tcp alice > echo SYNACK',
  'tcp alice > echo [SYN, ACK] ttl=3',
  'tcp alice > echo [S.]',
  'tcp alice > echo SYN ACK',
  'tcp alice > echo syn',
  'tcp alice > echo SNY',
  'tcp alice > echo ttl=64 SYN',
  'tcp alice > echo SYN+SYN',
  'udp alice > echo SYN',
  'arp alice > broadcast who-has',
  'arp alice > broadcast whohas echo',
  'arp alice > broadcast who-has broadcast',
  'icmp echo > alice port-unreachabel',
  'icmp echo > alice neighbour-solicitation',
  'tcp alice > echo tll=64',
  'tcp alice > echo ttl = 64',
  'tcp alice > echo ttl=',
  'tcp alice > echo ttl!=64',
  'tcp alice > echo ttl=high',
  'tcp alice > echo ttl=64..60',
  'tcp alice > echo ttl=+64',
  'tcp alice > echo ttl=64 ttl=63',
  'udp alice > echo win=0',
  'udp alice > echo text>5',
  'udp alice > echo text="hello',
  'udp alice > echo text="\\x"',
  'udp alice > echo checksum=ok',
  'dhcp alice > broadcast Discover',
  'dhcp alice > broadcast DSICOVER',
  'dhcp 10.50.1.1 > alice OFFER',
  'dhcp gw > alice OFFER gives',
  'dhcp gw > alice OFFER gives=broadcast',
  'dhcp gw > alice:68 OFFER',
  'dhcp gw > alice OFFER name=echo',
  'dns gw > alice NXDOMAIN',
  'dns alice > gw query name=',
  'dns alice > gw query name=echo..dmz',
  'dns alice > gw:53 query',
  'udp alice > echo df=maybe',
  'arp alice > broadcast ttl=64',
  'tcp alice > echo SYN seq=x ack=y',
  'alice > echo tcp SYN',
  'alice > echo SYN',
  'https alice > echo GET',
  'ntp alice > echo',
  'ping alice > echo',
  'ipv4 alice -> echo',
  'ethernet',
  'tcp any > echo',
  'tcp alice > 10.50.1.0/24',
  'tcp alice to echo',
  'tcp alice > echo port=9000',
  'tcp alice > echo sport=9000',
  'icmp alice > echo port=9000',
  'tcp alice > echo flags=SYN',
  'tcp alice > echo window=0',
  'udp alice > echo length=5',
  'udp alice > echo payload="hello"',
  'ip alice > echo hop_limit=1',
  'tcp alice >\n echo',
  'tcp alice >\techo',
  'igmp alice > multicast joins',
  'igmp alice > multicast join echo',
  'igmp alice > multicast leave 10.50.1.10',
  'udp alice > echo retransmission',
  'tcp alice > echo retransmission=maybe',
  'tcp alice > echo retransmitted',
  'ip alice > echo dscp=64',
  'ip alice > echo dscp=EF',
  'ip alice > echo tos=46',
  'tcp alice > echo text="\u001b[2J"',
];

/** `npx vitest run THIS-FILE --update` writes the texts anew; read what changed. */
test('each wrong line is refused at its column, in exactly these words', async () => {
  await expect(`${WRONG.map(complaints).join('\n\n')}\n`).toMatchFileSnapshot('wrong-lines.txt');
});

const name = fc
  .stringMatching(/^[a-z][a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?$/)
  .filter((text) => !['broadcast', 'multicast'].includes(text));
const host = fc.oneof(
  fc.record({ kind: fc.constant('host' as const), host: name }),
  fc.record({ kind: fc.constant('host' as const), host: name, network: name }),
);
const mac = fc.record({
  kind: fc.constant('mac' as const),
  mac: fc.stringMatching(/^0[0-9a-e](:[0-9a-f]{2}){5}$/),
});
const address = fc.record({
  kind: fc.constant('address' as const),
  address: fc.oneof(fc.ipV4(), fc.constantFrom('fd00::1', '::', 'fe80::1:2', '2001:db8::')),
});
const groupAddress = { kind: 'address' as const, address: '239.9.9.9' };
const anybody = fc.constant({ kind: 'any' as const });
const many = fc.constantFrom({ kind: 'broadcast' as const }, { kind: 'multicast' as const });
const card = fc.oneof(host, mac, anybody, many);

function fieldOf(name: Field['field']): fc.Arbitrary<Field> {
  const numbers: readonly string[] = NUMBERS;
  const cards: readonly string[] = CARDS;
  const addresses: readonly string[] = ADDRESSES;
  if (numbers.includes(name))
    return number(name === 'seq' || name === 'ack', name === 'dscp' ? 63 : 255).map(
      (value) => ({ field: name, number: value }) as Field,
    );
  if (cards.includes(name)) return card.map((value) => ({ field: name, card: value }) as Field);
  if (addresses.includes(name))
    return fc.oneof(host, address, anybody).map((whom) => ({ field: name, whom }) as Field);
  if (name === 'name') return fc.domain().map((text) => ({ field: 'name', text }));
  if (name === 'path') return fc.stringMatching(/^\/[!-~]{0,9}$/).map((text) => ({ field: 'path', text }));
  if (name === 'to' || name === 'says' || name === 'text')
    return fc.string({ unit: 'binary' }).map((text) => ({ field: name, text }));
  if (name === 'checksum') return fc.boolean().map((right) => ({ field: 'checksum', right }));
  return fc.boolean().map((is) => ({ field: name, is }) as Field);
}

function number(relative: boolean, most: number) {
  const sign = relative ? fc.boolean() : fc.constant(false);
  return fc.oneof(
    fc.record({
      relative: sign,
      test: fc.constantFrom('=', '<', '<=', '>', '>='),
      value: fc.integer({ min: 1, max: most - 1 }),
    }),
    fc
      .record({ relative: sign, test: fc.constant('..'), from: fc.nat(most), to: fc.nat(most) })
      .filter(({ from, to }) => from <= to),
  );
}

function lineOf(protocol: Protocol): fc.Arbitrary<Line> {
  const cards = isBetweenCards(protocol);
  const [from, to] = cards
    ? [fc.oneof(host, mac, anybody), card]
    : [fc.oneof(host, address, anybody), fc.oneof(host, address, anybody, many)];
  const port = hasPorts(protocol)
    ? fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined })
    : fc.constant(undefined);
  const end = (party: fc.Arbitrary<Line['source']['party']>) =>
    fc.record({ party, port }).map(({ party, port }) => (port === undefined ? { party } : { party, port }));
  return fc
    .record({
      source: end(from),
      destination: end(to),
      word: wordOf(protocol),
      fields: fc.subarray(fieldsOf(protocol)).chain((names) => fc.tuple(...names.map(fieldOf))),
    })
    .map(({ word, ...rest }) => ({ protocol, ...rest, ...(word && { word }) }) as Line);
}

function wordOf(protocol: Protocol): fc.Arbitrary<Line['word']> {
  const none = fc.constant(undefined);
  if (protocol === 'arp') {
    return fc.oneof(
      none,
      fc.oneof(host, anybody).map((whom) => ({ word: 'who-has' as const, whom })),
      fc
        .option(card, { nil: undefined })
        .map((one) => ({ word: 'is-at' as const, ...(one && { card: one }) })),
    );
  }
  if (protocol === 'tcp') {
    const flags = fc.integer({ min: 1, max: 255 }).filter((bits) => (bits & 22) !== 0);
    return fc.oneof(
      none,
      flags.map((bits) => ({ word: 'flags' as const, flags: bits })),
    );
  }
  if (protocol === 'igmp') {
    const group = fc.option(fc.oneof(fc.constant(groupAddress), anybody), { nil: undefined });
    return fc
      .tuple(fc.constantFrom(...MEMBERSHIPS), group)
      .map(([word, one]) => ({ word, ...(one && { group: one }) }));
  }
  if (isApplication(protocol)) {
    const words = fc.constantFrom(...APPLICATION_WORDS[protocol]);
    return words.map((message) => ({ word: 'message' as const, message }));
  }
  if (protocol !== 'icmp' && protocol !== 'icmpv6') return none;
  return fc.constantFrom(...messagesOf(protocol)).map((message) => ({ word: 'message' as const, message }));
}

test('what is printed of a line reads as the same line', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PROTOCOLS).chain(lineOf), (line) => {
      expect(read(printLine(line))).toEqual(line);
    }),
    { numRuns: 2000 },
  );
});

test('whatever the text, it is a line or something is wrong with it inside the text', () => {
  const word = fc.constantFrom(
    'tcp',
    'alice',
    '>',
    'echo',
    'SYN',
    '[SYN,',
    'ACK]',
    'ttl=',
    'text="',
    '"',
    '<',
    '=',
    ':',
    '*:',
    '..',
    '[::',
    '\\',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join(' ')),
    fc.array(word).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (text) => {
      const { line, problems = [] } = readLine(text);
      expect(line === undefined).toBe(problems.length > 0);
      for (const { column, length } of problems) {
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column - 1).toBeLessThanOrEqual(text.length);
        expect(column - 1 + length).toBeLessThanOrEqual(Math.max(text.length, column));
      }
    }),
    { numRuns: 3000 },
  );
});

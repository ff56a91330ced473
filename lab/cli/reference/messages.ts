/** The words of frames that lines of `wire:` know, as tables. */
import { TLS_ALERTS, TLS_MESSAGES } from '../../wire/application/tls.ts';
import {
  icmpTypeCode,
  icmpv6TypeCode,
  icmpv6WordList,
  icmpWordList,
  type TypeCode,
} from '../../wire/icmp-words.ts';
import { FIELDS, PROTOCOLS, protocolsOf } from '../../wire/lines/line.ts';
import { wordsOf } from '../../wire/lines/word.ts';

/** Fields by protocol, and each word with its number on the wire. */
export function wireTables(): string[] {
  return [
    '## Fields by protocol',
    'A field goes with these protocols:',
    [
      '| field | goes with |',
      '|---|---|',
      ...FIELDS.map((field) => `| \`${field}\` | ${takersOf(field)} |`),
    ].join('\n'),
    '## Messages of ICMP',
    'A word without a code is true of every code of its type.',
    messages(icmpWordList, icmpTypeCode),
    '## Messages of ICMPv6',
    messages(icmpv6WordList, icmpv6TypeCode),
    '## Messages of IGMP, DHCP, DNS, HTTP, IRC and TLS',
    `IGMP: ${code(wordsOf('igmp'))}.`,
    `DHCP: ${code(wordsOf('dhcp'))}.`,
    `DNS: ${code(wordsOf('dns'))}.`,
    `HTTP: ${code(wordsOf('http'))}, or a status.`,
    `IRC: ${code(wordsOf('irc'))}, or the three digits of a reply.`,
    `TLS: ${code(TLS_MESSAGES)}.`,
    `TLS alerts: ${code(TLS_ALERTS)}.`,
  ];
}

function takersOf(field: (typeof FIELDS)[number]): string {
  const takers = protocolsOf(field);
  return takers.length === PROTOCOLS.length ? 'every protocol' : code(takers);
}

function messages(words: readonly string[], numbers: (word: string) => TypeCode | undefined): string {
  const rows = words.map((word) => {
    const { type, code: number } = numbers(word)!;
    return `| \`${word}\` | ${type} | ${number ?? ''} |`;
  });
  return ['| word | type | code |', '|---|---|---|', ...rows].join('\n');
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

/** Types and codes of ICMP (RFC 792, RFC 1812) and ICMPv6 (RFC 4443, RFC 4861, RFC 3810) as words. */

export interface TypeCode {
  type: number;
  /** Undefined where the word is for every code of the type. */
  code?: number;
}

type Row = readonly [word: string, type: number, code?: number];

const ICMP_WORDS: readonly Row[] = [
  ['echo-reply', 0],
  ['net-unreachable', 3, 0],
  ['host-unreachable', 3, 1],
  ['protocol-unreachable', 3, 2],
  ['port-unreachable', 3, 3],
  ['fragmentation-needed', 3, 4],
  ['source-route-failed', 3, 5],
  ['net-unknown', 3, 6],
  ['host-unknown', 3, 7],
  ['source-isolated', 3, 8],
  ['net-prohibited', 3, 9],
  ['host-prohibited', 3, 10],
  ['net-unreachable-for-tos', 3, 11],
  ['host-unreachable-for-tos', 3, 12],
  ['admin-prohibited', 3, 13],
  ['host-precedence-violation', 3, 14],
  ['precedence-cutoff', 3, 15],
  ['unreachable', 3],
  ['source-quench', 4],
  ['redirect-net', 5, 0],
  ['redirect', 5, 1],
  ['redirect-tos-net', 5, 2],
  ['redirect-tos-host', 5, 3],
  ['echo-request', 8],
  ['router-advertisement', 9],
  ['router-solicitation', 10],
  ['time-exceeded', 11, 0],
  ['reassembly-time-exceeded', 11, 1],
  ['parameter-problem', 12],
  ['timestamp-request', 13],
  ['timestamp-reply', 14],
];

const ICMPV6_WORDS: readonly Row[] = [
  ['no-route', 1, 0],
  ['admin-prohibited', 1, 1],
  ['beyond-scope', 1, 2],
  ['address-unreachable', 1, 3],
  ['port-unreachable', 1, 4],
  ['source-refused', 1, 5],
  ['route-rejected', 1, 6],
  ['unreachable', 1],
  ['too-big', 2],
  ['time-exceeded', 3, 0],
  ['reassembly-time-exceeded', 3, 1],
  ['parameter-problem', 4],
  ['echo-request', 128],
  ['echo-reply', 129],
  ['listener-query', 130],
  ['listener-report', 131],
  ['listener-done', 132],
  ['router-solicitation', 133],
  ['router-advertisement', 134],
  ['neighbour-solicitation', 135],
  ['neighbour-advertisement', 136],
  ['redirect', 137],
  ['listener-report-v2', 143],
];

/** `port-unreachable` for 3, 3; undefined for one without a word. */
export function icmpWord(type: number, code: number): string | undefined {
  return wordOf(ICMP_WORDS, type, code);
}

/** `too-big` for 2, 0; undefined for one without a word. */
export function icmpv6Word(type: number, code: number): string | undefined {
  return wordOf(ICMPV6_WORDS, type, code);
}

/** The type and the code of a word; undefined for an unknown word. */
export function icmpTypeCode(word: string): TypeCode | undefined {
  return typeCodeOf(ICMP_WORDS, word);
}

export function icmpv6TypeCode(word: string): TypeCode | undefined {
  return typeCodeOf(ICMPV6_WORDS, word);
}

/** All words that may stand in a line, for messages and completion. */
export const icmpWordList: readonly string[] = ICMP_WORDS.map(([word]) => word);
export const icmpv6WordList: readonly string[] = ICMPV6_WORDS.map(([word]) => word);

function wordOf(rows: readonly Row[], type: number, code: number): string | undefined {
  const exact = rows.find((row) => row[1] === type && row[2] === code);
  return (exact ?? rows.find((row) => row[1] === type && row[2] === undefined))?.[0];
}

function typeCodeOf(rows: readonly Row[], word: string): TypeCode | undefined {
  const row = rows.find(([known]) => known === word);
  if (row === undefined) return undefined;
  const [, type, code] = row;
  return code === undefined ? { type } : { type, code };
}

/** ICMP and ICMPv6 messages by the words that lines use for them. */
import type { Icmp, Icmpv6 } from '../frame.ts';
import {
  icmpTypeCode,
  icmpv6TypeCode,
  icmpv6Word,
  icmpv6WordList,
  icmpWord,
  icmpWordList,
  type TypeCode,
} from '../icmp-words.ts';

export function messagesOf(protocol: 'icmp' | 'icmpv6'): readonly string[] {
  return protocol === 'icmp' ? icmpWordList : icmpv6WordList;
}

/** The type and code of a word in each family that has it. */
export function typeCodesOf(word: string): { ipv4?: TypeCode; ipv6?: TypeCode } {
  const [ipv4, ipv6] = [icmpTypeCode(word), icmpv6TypeCode(word)];
  return { ...(ipv4 && { ipv4 }), ...(ipv6 && { ipv6 }) };
}

/** Types of ICMP that are errors (RFC 1122 section 3.2.2); those of ICMPv6 are below 128 (RFC 4443 section 2.1). */
const ERRORS: readonly number[] = [3, 4, 5, 11, 12];
const FIRST_QUERY = 128;

/** Whether a word is that of an error. Nobody answers an error (RFC 1122 section 3.2.2, RFC 4443 section 2.4 e). */
export function isError(word: string): boolean {
  const { ipv4, ipv6 } = typeCodesOf(word);
  return (ipv4 ? ERRORS.includes(ipv4.type) : false) || (ipv6 ? ipv6.type < FIRST_QUERY : false);
}

/** A word for a type alone matches all its codes: `unreachable` matches port unreachable. */
export function isMessage({ kind, type, code }: Icmp | Icmpv6, word: string): boolean {
  const wanted = kind === 'icmp' ? icmpTypeCode(word) : icmpv6TypeCode(word);
  return wanted?.type === type && (wanted.code === undefined || wanted.code === code);
}

/** The most exact word for a message; undefined where lines have no word for it. */
export function messageOf({ kind, type, code }: Icmp | Icmpv6): string | undefined {
  return kind === 'icmp' ? icmpWord(type, code) : icmpv6Word(type, code);
}

/** A message for a reader, also where there is no word: `type 42 code 0`. */
export function showMessage(layer: Icmp | Icmpv6): string {
  return messageOf(layer) ?? `type ${layer.type} code ${layer.code}`;
}

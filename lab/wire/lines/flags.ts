/** TCP flags as a line writes them: `SYN+ACK`; and the flags that an author means with another form. */

import { ACK, CWR, ECE, FIN, PSH, RST, SYN, tcpFlags, URG } from '../tcp.ts';

const FLAGS = { SYN, FIN, RST, PSH, ACK, URG, ECE, CWR } as const;
type Flag = keyof typeof FLAGS;

/** These four must be exactly as in the line; the others count only where the line has them. */
const EXACT = SYN | FIN | RST | ACK;
/** For a reset ACK does not count: whether it has ACK depends on the segment that it answers (RFC 9293 section 3.5.2). */
const EXACT_OF_RESET = SYN | FIN | RST;

/** Usual flags and combinations, as an error lists them. */
export const USUAL_FLAGS = ['SYN', 'SYN+ACK', 'ACK', 'PSH+ACK', 'FIN+ACK', 'RST', 'RST+ACK'] as const;

export function flagsMatch(wanted: number, found: number): boolean {
  const exact = (wanted & RST) !== 0 ? EXACT_OF_RESET : EXACT;
  return (found & exact) === (wanted & exact) && (found & wanted) === wanted;
}

/** The number of flags that keep `found` from matching. */
export function flagsBetween(wanted: number, found: number): number {
  const off = ((wanted ^ found) & EXACT) | (wanted & ~found);
  return Object.values(FLAGS).filter((bit) => (off & bit) !== 0).length;
}

/** The bits of `SYN+ACK`, in any order; undefined where the text is not a way to write flags. */
export function readFlags(text: string): number | undefined {
  const parts = text.split('+');
  if (new Set(parts).size < parts.length || !parts.every(isFlag)) return undefined;
  return parts.reduce((bits, part) => bits | FLAGS[part as Flag], 0);
}

function isFlag(text: string): text is Flag {
  return Object.hasOwn(FLAGS, text);
}

/**
 * Every segment except the first SYN and some resets has ACK (RFC 9293 section 3.10.7): no frame would match a line
 * without it. True for flags that a TCP sends.
 */
export function isSent(flags: number): boolean {
  return (flags & (SYN | RST | ACK)) !== 0;
}

/** Letters of tcpdump: `[S.]`. */
const LETTERS: Record<string, Flag> = {
  S: 'SYN',
  F: 'FIN',
  R: 'RST',
  P: 'PSH',
  '.': 'ACK',
  U: 'URG',
  E: 'ECE',
  W: 'CWR',
};

/** Flags in another form (`[SYN, ACK]`, `SYN/ACK`, `synack`, `[S.]`), in the form of a line. */
export function meantFlags(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').trim();
  if (bare !== text.trim() && /^[SFRP.UEW]+$/.test(bare)) {
    return tcpFlags([...bare].reduce((bits, letter) => bits | FLAGS[LETTERS[letter]!], 0));
  }
  const names = bare.toUpperCase().match(/SYN|FIN|RST|PSH|ACK|URG|ECE|CWR/g) ?? [];
  const rest = bare.toUpperCase().replace(/SYN|FIN|RST|PSH|ACK|URG|ECE|CWR/g, '');
  if (names.length === 0 || !/^[\s,;/|&+_-]*$/.test(rest)) return undefined;
  return tcpFlags(names.reduce((bits, name) => bits | FLAGS[name as Flag], 0));
}

/** TCP flags as a line writes them: `SYN+ACK`; and what an author may have meant who wrote them otherwise. */

import { ACK, CWR, ECE, FIN, PSH, RST, SYN, tcpFlags, URG } from '../tcp.ts';

const FLAGS = { SYN, FIN, RST, PSH, ACK, URG, ECE, CWR } as const;
type Flag = keyof typeof FLAGS;

/** These four make a segment what it is; the others count only where they are named. */
const EXACT = SYN | FIN | RST | ACK;
/** Whether a reset carries ACK depends on what it answers (RFC 9293 section 3.5.2): a reset it is either way. */
const EXACT_OF_RESET = SYN | FIN | RST;

/** What can stand alone or joined, as an error lists it. */
export const USUAL_FLAGS = ['SYN', 'SYN+ACK', 'ACK', 'PSH+ACK', 'FIN+ACK', 'RST', 'RST+ACK'] as const;

export function flagsMatch(wanted: number, found: number): boolean {
  const exact = (wanted & RST) !== 0 ? EXACT_OF_RESET : EXACT;
  return (found & exact) === (wanted & exact) && (found & wanted) === wanted;
}

/** How many flags keep `found` from matching. */
export function flagsBetween(wanted: number, found: number): number {
  const off = ((wanted ^ found) & EXACT) | (wanted & ~found);
  return Object.values(FLAGS).filter((bit) => (off & bit) !== 0).length;
}

/** The bits of `SYN+ACK`, whatever the order; undefined where that is not a way to write flags. */
export function readFlags(text: string): number | undefined {
  const parts = text.split('+');
  if (new Set(parts).size < parts.length || !parts.every(isFlag)) return undefined;
  return parts.reduce((bits, part) => bits | FLAGS[part as Flag], 0);
}

function isFlag(text: string): text is Flag {
  return Object.hasOwn(FLAGS, text);
}

/**
 * Every segment but the first SYN and some resets carries ACK (RFC 9293 section 3.10.7): a line without it would
 * never be met. True for what some TCP sends.
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

/** Flags written in another way (`[SYN, ACK]`, `SYN/ACK`, `synack`, `[S.]`), as they are written here. */
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

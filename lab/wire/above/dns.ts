/** The header and the first question of DNS (RFC 1035 section 4.1); mDNS (RFC 6762) has the same form. */
import { uint16 } from '../integer.ts';
import { printable } from './text.ts';

const FLAGS = 2;
const QUESTIONS = 4;
const ANSWERS = 6;
const HEADER = 12;
const RESPONSE = 0x8000;
/** A label's length has two bits zero; a pointer, which no first question has, has them set. */
const LONGEST_LABEL = 63;

const TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [65, 'HTTPS'],
  [255, 'ANY'],
]);
const CODES = ['no error', 'format error', 'server failure', 'no such name', 'not implemented', 'refused'];

/** `DNS query A example.org`, `DNS answer A example.org 2 records`; undefined for what is no DNS. */
export function describeDns(bytes: Uint8Array): string | undefined {
  if (bytes.length < HEADER) return undefined;
  const flags = uint16(bytes, FLAGS);
  const kind = (flags & RESPONSE) === 0 ? 'query' : 'answer';
  const outcome = kind === 'query' ? '' : ` ${outcomeOf(flags & 15, uint16(bytes, ANSWERS))}`;
  if (uint16(bytes, QUESTIONS) === 0) return `DNS ${kind}${outcome}`;
  const name = readName(bytes);
  if (name === undefined || name.end + 4 > bytes.length) return undefined;
  const type = uint16(bytes, name.end);
  return `DNS ${kind} ${TYPES.get(type) ?? `type ${type}`} ${name.text}${outcome}`;
}

function outcomeOf(code: number, answers: number): string {
  if (code !== 0) return CODES[code] ?? `code ${code}`;
  return answers === 1 ? '1 record' : `${answers} records`;
}

function readName(bytes: Uint8Array): { text: string; end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER;
  while (at < bytes.length && bytes[at] !== 0) {
    const length = bytes[at]!;
    const label = printable(bytes.subarray(at + 1, at + 1 + length));
    if (length > LONGEST_LABEL || label === undefined || /[\s.]/.test(label)) return undefined;
    labels.push(label);
    at += 1 + length;
  }
  return at < bytes.length ? { text: labels.join('.') || '.', end: at + 1 } : undefined;
}

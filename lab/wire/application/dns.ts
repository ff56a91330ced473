/**
 * The header and the first question of DNS (RFC 1035 section 4.1). mDNS (RFC 6762) and LLMNR (RFC 4795) have the same
 * form. An answer of mDNS has no question: then its subject is the name of the first record.
 */
import { ipv6Text } from '../address.ts';
import { uint16 } from '../integer.ts';
import { printable } from './text.ts';

const FLAGS = 2;
const QUESTIONS = 4;
const ANSWERS = 6;
const HEADER = 12;
const RESPONSE = 0x8000;
/** A label's length has two bits zero. A pointer has them set; a first question has no pointer. */
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

export interface Dns {
  answer: boolean;
  /** RFC 1035 section 4.1.1: 0 where all is well, 3 for a name that does not exist. */
  code: number;
  /** The number of records in the answer section. */
  records: number;
  /** The name and the type of the first question; without a question, those of the first record. */
  name?: string;
  type?: string;
  /** Addresses of the answer section. */
  addresses: string[];
}

/** Undefined where the bytes are not DNS; a broken answer section ends where it breaks. */
export function readDns(bytes: Uint8Array): Dns | undefined {
  if (bytes.length < HEADER) return undefined;
  const flags = uint16(bytes, FLAGS);
  const answer = (flags & RESPONSE) !== 0;
  const header = { answer, code: flags & 15, records: uint16(bytes, ANSWERS) };
  const questions = uint16(bytes, QUESTIONS);
  if (questions === 0 && header.records === 0) return { ...header, addresses: [] };
  const name = readName(bytes);
  if (name === undefined || name.end + 4 > bytes.length)
    return questions === 0 ? { ...header, addresses: [] } : undefined;
  const type = uint16(bytes, name.end);
  const first = questions === 0 ? HEADER : name.end + 4;
  const addresses = answer && questions <= 1 ? addressesFrom(bytes, first, header.records) : [];
  return { ...header, name: name.text, type: TYPES.get(type) ?? `type ${type}`, addresses };
}

/** `DNS query A example.org`, `DNS answer A example.org 10.50.2.10`; undefined where the bytes are not DNS. */
export function describeDns(bytes: Uint8Array): string | undefined {
  const found = readDns(bytes);
  if (!found) return undefined;
  const { answer, code, records, name, type, addresses } = found;
  const about = name === undefined ? '' : ` ${type} ${name}`;
  return answer ? `DNS answer${about} ${outcomeOf(code, records, addresses)}` : `DNS query${about}`;
}

function outcomeOf(code: number, records: number, addresses: readonly string[]): string {
  if (code !== 0) return CODES[code] ?? `code ${code}`;
  if (records > 0 && addresses.length === records) return addresses.join(' ');
  return records === 1 ? '1 record' : `${records} records`;
}

const [A, AAAA] = [1, 28];
/** Bytes of a record between its name and its data: type, class, TTL, length (RFC 1035 section 4.1.3). */
const RECORD = 10;

function addressesFrom(bytes: Uint8Array, start: number, records: number): string[] {
  const addresses: string[] = [];
  let at = start;
  for (let record = 0; record < records; record++) {
    const fixed = endOfName(bytes, at);
    if (fixed === undefined || fixed + RECORD > bytes.length) break;
    const data = fixed + RECORD;
    at = data + uint16(bytes, fixed + RECORD - 2);
    if (at > bytes.length) break;
    const type = uint16(bytes, fixed);
    if (type === A && at - data === 4) addresses.push(bytes.subarray(data, at).join('.'));
    if (type === AAAA && at - data === 16) addresses.push(ipv6Text(bytes, data));
  }
  return addresses;
}

/** The end of a name: labels, or a pointer to labels (RFC 1035 section 4.1.4). */
function endOfName(bytes: Uint8Array, start: number): number | undefined {
  for (let at = start; at < bytes.length; at += 1 + bytes[at]!) {
    if (bytes[at] === 0) return at + 1;
    if (bytes[at]! > LONGEST_LABEL) return at + 2;
  }
  return undefined;
}

function readName(bytes: Uint8Array): { text: string; end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER;
  while (at < bytes.length && bytes[at] !== 0) {
    const length = bytes[at]!;
    const label = printable(bytes.subarray(at + 1, at + 1 + length));
    if (length > LONGEST_LABEL || label === undefined) return undefined;
    labels.push(label.replace(/[\s.\\]/g, escaped));
    at += 1 + length;
  }
  return at < bytes.length ? { text: labels.join('.') || '.', end: at + 1 } : undefined;
}

/** In a name's text a dot ends a label, and a space ends the name (RFC 1035 section 5.1): `My\032printer`. */
function escaped(character: string): string {
  if (character === '.' || character === '\\') return `\\${character}`;
  return `\\${String(character.codePointAt(0)).padStart(3, '0')}`;
}

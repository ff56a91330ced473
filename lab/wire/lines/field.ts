/** One field of a line: `ttl=63`, `win>0`, `text="hello"`, `df`. */

import { type LinePart, readAddressee, readCard, wrong } from './end.ts';
import type { Hint } from './hint.ts';
import {
  ADDRESSES,
  type AddressField,
  type Comparison,
  FIELDS,
  type Field,
  type FieldName,
  fieldsOf,
  hasPorts,
  NUMBERS,
  type NumberField,
  type NumberTest,
  type Protocol,
  protocolsOf,
  SWITCHES,
} from './line.ts';
import { readNumber } from './number.ts';
import { isTrafficClass, meantField, meantPort } from './other-tools.ts';
import type { Token } from './tokens.ts';

const SHAPE = /^([A-Za-z_][\w-]*)(<=|>=|=|<|>|!=|==|:)(.*)$/s;

/** Fields that can count from a side's first sequence number. */
const RELATIVE: readonly FieldName[] = ['seq', 'ack'];

interface Written {
  name: FieldName;
  sign: Comparison;
  /** The text after the sign, and its place. */
  value: Token;
}

/** Whether a word is meant as a field: it has a sign in it, or is one that needs no sign. A MAC is not a field. */
export function isField(text: string): boolean {
  const [, , sign, value = ''] = SHAPE.exec(text) ?? [];
  return isSwitch(text) || (sign === ':' ? !value.includes(':') : sign !== undefined);
}

function isSwitch(text: string): text is (typeof SWITCHES)[number] {
  return (SWITCHES as readonly string[]).includes(text);
}

export function readField(token: Token, protocol: Protocol): LinePart<Field> {
  const [, name = token.text, sign = '', value = ''] = SHAPE.exec(token.text) ?? [];
  const known = FIELDS.find((one) => one === name);
  if (!known) return unknown({ ...token, text: name }, protocol, value);
  if (!protocolsOf(known).includes(protocol)) {
    const takers = protocolsOf(known).join(', ');
    return wrong(
      { ...token, text: name },
      `\`${name}\` is not a field of ${protocol}`,
      `it goes with ${takers}`,
    );
  }
  if (sign === '' && isSwitch(known)) return { value: { field: known, is: true } };
  const at = { text: value, column: token.column + name.length + sign.length };
  if (!['=', '<', '<=', '>', '>='].includes(sign)) {
    return wrong(
      token,
      `\`${sign}\` compares nothing here`,
      `write ${name}=…, ${name}<…, ${name}>=… or ${name}=1..5`,
    );
  }
  if (value === '')
    return wrong(
      token,
      `\`${name}\` has no value`,
      `write it without spaces: ${name}${sign}${EXAMPLE[known]}`,
    );
  return readValue({ name: known, sign: sign as Comparison, value: at });
}

const EXAMPLE: Record<FieldName, string> = {
  ttl: '64',
  len: '5',
  id: '7',
  vlan: '10',
  win: '0',
  seq: '+1',
  ack: '+1',
  mss: '1460',
  df: 'no',
  dscp: '46',
  fragment: 'no',
  retransmission: 'no',
  mac: 'router',
  from_mac: 'router',
  text: '"hello"',
  checksum: 'right',
  lease: '3600',
  gives: 'alice',
  asks: 'alice',
  server: 'gw',
  relay: 'gw',
  router: 'gw',
  dns: 'gw',
  name: 'echo.dmz',
  path: '/',
  to: '#lan',
  says: '"hello"',
};

/** The problem of a field that needs a value and stands without one: `ttl`, or `ttl = 64` in three words. */
export function withoutValue(token: Token, protocol: Protocol): LinePart<never> | undefined {
  const known = fieldsOf(protocol).find((one) => one === token.text);
  return (
    known && wrong(token, `\`${known}\` has no value`, `write it without spaces: ${known}=${EXAMPLE[known]}`)
  );
}

function unknown(token: Token, protocol: Protocol, value: string): LinePart<never> {
  const allowed = fieldsOf(protocol);
  const { problem } = wrong(token, `no field \`${token.text}\``);
  const hint = hintFor(token.text, value, protocol, allowed);
  return { problem: { ...problem, allowed, word: token.text, ...(hint && { hint }) } };
}

/** The hint for a field by its name in another tool; undefined where no field is meant. */
function hintFor(
  name: string,
  value: string,
  protocol: Protocol,
  allowed: readonly FieldName[],
): Hint | undefined {
  const port = meantPort(name);
  if (port && hasPorts(protocol)) {
    const number = /^\d+$/.test(value) ? value : '9000';
    return ({ host, other }) => {
      const ends = port === 'source' ? `${host}:${number} > ${other}` : `${host} > ${other}:${number}`;
      return `a port stands behind its host: ${protocol} ${ends}`;
    };
  }
  if (name === 'flags' || name === 'flag' || name === 'type') {
    return /^[A-Za-z]/.test(value)
      ? `write ${value} alone, before the fields`
      : 'write the word for it alone, before the fields: SYN, echo-request';
  }
  if (isTrafficClass(name) && allowed.includes('dscp')) {
    // DSCP is the upper six of its eight bits (RFC 2474 section 3).
    const dscp = /^\d+$/.test(value) ? Number(value) >> 2 : EXAMPLE.dscp;
    return `write the upper six bits of it: dscp=${dscp}`;
  }
  const meant = meantField(name);
  return meant && allowed.includes(meant) ? `write ${meant}=${value || EXAMPLE[meant]}` : undefined;
}

function readValue({ name, sign, value }: Written): LinePart<Field> {
  if (isNumber(name)) return ofNumber(name, sign, value);
  if (sign !== '=')
    return wrong(value, `\`${name}\` is not a number to compare with`, `write ${name}=${EXAMPLE[name]}`);
  if (name === 'text') return ofText(value);
  if (name === 'name') return ofName(value);
  if (name === 'path') return ofPath(value);
  if (name === 'to' || name === 'says') return ofParameter(name, value);
  if (isAddress(name)) {
    const whom = readAddressee(value);
    return whom.problem ? whom : { value: { field: name, whom: whom.value } };
  }
  if (name === 'checksum') {
    if (value.text === 'right' || value.text === 'wrong')
      return { value: { field: name, right: value.text === 'right' } };
    return wrong(value, `a checksum is right or wrong, not ${value.text}`);
  }
  if (isSwitch(name)) {
    if (value.text === 'yes' || value.text === 'no')
      return { value: { field: name, is: value.text === 'yes' } };
    return wrong(value, `\`${name}\` is yes or no, not ${value.text}`);
  }
  const card = readCard(value);
  return card.problem ? card : { value: { field: name, card: card.value } };
}

/** The greatest value of each field in its header: a line that no frame can match would make every `never` true. */
const MOST: Partial<Record<NumberField, number>> = {
  ttl: 255,
  len: 65_535,
  id: 65_535,
  vlan: 4095,
  win: 65_535,
  mss: 65_535,
  lease: 0xffff_ffff,
  dscp: 63,
  seq: 0xffff_ffff,
  ack: 0xffff_ffff,
};

/** An impossible value that a line asks for; undefined where some number from 0 to `most` matches. */
function beyond(number: NumberTest, most: number): string | undefined {
  if (number.test === '..') return number.from > most ? `${number.from} or more` : undefined;
  const { test, value } = number;
  if (test === '<' && value <= 0) return `less than ${value}`;
  if (test === '>' && value >= most) return `more than ${value}`;
  return value > most && test !== '<' && test !== '<=' ? `${value}` : undefined;
}

function isAddress(name: FieldName): name is AddressField {
  return (ADDRESSES as readonly string[]).includes(name);
}

/** A name: labels and dots (RFC 1035 section 2.3.1), and `_`, which names in use also have. */
function ofName(value: Token): LinePart<Field> {
  if (/^[\w-]+(\.[\w-]+)*$/.test(value.text)) return { value: { field: 'name', text: value.text } };
  return wrong(value, `${value.text} is not a name`, 'write it as it is asked for: name=echo.dmz');
}

/** As it stands in the request: from its first `/` on, with the query. */
function ofPath(value: Token): LinePart<Field> {
  const read = ofText(value);
  if (read.problem) return read;
  const { text } = read.value;
  if (/^(\/[!-~]*|\*)$/.test(text)) return { value: { field: 'path', text } };
  return wrong(value, `${value.text} is not a path`, 'write it as it is asked for: path=/index.html');
}

function ofParameter(field: 'to' | 'says', value: Token): LinePart<Field> {
  const read = ofText(value);
  return read.problem ? read : { value: { field, text: read.value.text } };
}

function isNumber(name: FieldName): name is NumberField {
  return (NUMBERS as readonly string[]).includes(name);
}

function ofNumber(field: NumberField, sign: Comparison, value: Token): LinePart<Field> {
  const number = readNumber(sign, value.text);
  if (!number)
    return wrong(
      value,
      `${value.text} is not a number`,
      `write ${field}=${EXAMPLE[field]}, ${field}>5 or ${field}=5..9`,
    );
  if (number.relative && !RELATIVE.includes(field)) {
    const hint = `only seq and ack count from where their side began: write ${value.text.replaceAll('+', '')}`;
    return wrong(value, `\`${field}\` takes no +`, hint);
  }
  const most = MOST[field];
  const impossible = most === undefined || number.relative ? undefined : beyond(number, most);
  if (impossible !== undefined) {
    return wrong(value, `no ${field} is ${impossible}`, `${field} is a number from 0 to ${most}`);
  }
  if (number.test === '..' && number.from > number.to) {
    return wrong(
      value,
      `${value.text} holds no number`,
      `write the lesser first: ${number.to}..${number.from}`,
    );
  }
  return { value: { field, number } };
}

function ofText(value: Token): LinePart<Extract<Field, { field: 'text' }>> {
  const { text } = value;
  if (text.startsWith("'")) return { value: { field: 'text', text: text.slice(1, -1) } };
  if (!text.startsWith('"')) return { value: { field: 'text', text } };
  try {
    return { value: { field: 'text', text: JSON.parse(text) as string } };
  } catch {
    return wrong(
      value,
      `${text} is not text in quotes`,
      'after a backslash comes n, t, ", \\ or u and four hex digits',
    );
  }
}

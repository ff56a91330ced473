/** A line as text; reading it gives the same line again. */

import { tcpFlags } from '../tcp.ts';
import type { End, Field, Line, Party, Word } from './line.ts';
import { printNumber } from './number.ts';

export function printLine({ protocol, source, destination, word, fields }: Line): string {
  const parts = [protocol, printEnd(source), '>', printEnd(destination)];
  if (word) parts.push(printWord(word));
  return [...parts, ...fields.map(printField)].join(' ');
}

export function printEnd({ party, port }: End): string {
  const who = printParty(party);
  if (port === undefined) return who;
  return who.includes(':') ? `[${who}]:${port}` : `${who}:${port}`;
}

export function printParty(party: Party): string {
  switch (party.kind) {
    case 'any':
      return '*';
    case 'host':
      return party.network === undefined ? party.host : `${party.host}.${party.network}`;
    case 'address':
      return party.address;
    case 'mac':
      return party.mac;
    default:
      return party.kind;
  }
}

export function printWord(word: Word): string {
  switch (word.word) {
    case 'who-has':
      return `who-has ${printParty(word.whom)}`;
    case 'is-at':
      return word.card ? `is-at ${printParty(word.card)}` : 'is-at';
    case 'query':
    case 'join':
    case 'leave':
      return word.group ? `${word.word} ${printParty(word.group)}` : word.word;
    case 'message':
      return word.message;
    case 'flags':
      return tcpFlags(word.flags);
    default:
      return word satisfies never;
  }
}

export function printField(field: Field): string {
  if ('number' in field) return `${field.field}${printNumber(field.number)}`;
  if ('is' in field) return field.is ? field.field : `${field.field}=no`;
  if ('card' in field) return `${field.field}=${printParty(field.card)}`;
  if ('whom' in field) return `${field.field}=${printParty(field.whom)}`;
  if (field.field === 'name') return `name=${field.text}`;
  if (field.field === 'path')
    return `path=${/["'\\]/.test(field.text) ? JSON.stringify(field.text) : field.text}`;
  if (field.field === 'to' && /^[#\w-]+$/.test(field.text)) return `to=${field.text}`;
  if ('text' in field) return `${field.field}=${JSON.stringify(field.text)}`;
  return `checksum=${field.right ? 'right' : 'wrong'}`;
}

/** The word between the ends and the fields: `who-has echo`, `is-at`, `port-unreachable`, `SYN+ACK`. */

import { MEMBERSHIPS } from '../igmp-words.ts';
import { APPLICATION_WORDS, type Application, isApplication } from './application.ts';
import { type LinePart, readCard, readGroup, readWhom, wrong } from './end.ts';
import { isField, withoutValue } from './field.ts';
import { isSent, meantFlags, readFlags, USUAL_FLAGS } from './flags.ts';
import { hasPorts, type Party, type Protocol, SWITCHES, type Word } from './line.ts';
import { messagesOf } from './messages.ts';
import { meantWord } from './other-tools.ts';
import type { Token } from './tokens.ts';

/** Reads the word at the front of `tokens`, and removes it and its argument. */
export function readWord(tokens: Token[], protocol: Protocol): LinePart<Word> {
  const token = tokens.shift()!;
  const missing = withoutValue(token, protocol);
  if (missing) return missing;
  switch (protocol) {
    case 'arp':
      return ofArp(token, tokens);
    case 'icmp':
    case 'icmpv6':
      return ofMessage(token, protocol);
    case 'igmp':
      return ofMembership(token, tokens);
    case 'dhcp':
    case 'dns':
    case 'http':
    case 'irc':
    case 'tls':
      return ofMessageAbove(token, protocol);
    case 'tcp':
      return ofFlags(token, tokens);
    default:
      return unknown(token, protocol);
  }
}

/** The words of a protocol, as an error lists them. */
export function wordsOf(protocol: Protocol): readonly string[] {
  if (protocol === 'arp') return ['who-has', 'is-at'];
  if (protocol === 'icmp' || protocol === 'icmpv6') return messagesOf(protocol);
  if (protocol === 'igmp') return MEMBERSHIPS;
  if (isApplication(protocol)) return APPLICATION_WORDS[protocol];
  return protocol === 'tcp' ? USUAL_FLAGS : [];
}

function unknown(token: Token, protocol: Protocol): LinePart<never> {
  const allowed = wordsOf(protocol);
  if (hasPorts(protocol) && /^:?\d+$/.test(token.text)) {
    const port = token.text.replace(':', '');
    return wrong(token, `${token.text} stands alone`, `put a colon between the host and its port: …:${port}`);
  }
  const { problem } = wrong(token, `\`${token.text}\` is not a word of ${protocol}`);
  const meant = meantWord(token.text, allowed);
  if (allowed.length > 0)
    return { problem: { ...problem, allowed, word: token.text, ...(meant && { hint: `write ${meant}` }) } };
  return { problem: { ...problem, hint: 'after the destination come fields: ttl=64 len=5' } };
}

function ofArp(token: Token, rest: Token[]): LinePart<Word> {
  // ARP has no switches: a word that looks like one is a host with this name.
  const isWhom = rest[0] && (!isField(rest[0].text) || SWITCHES.some((one) => one === rest[0]!.text));
  const argument = isWhom ? rest.shift() : undefined;
  if (token.text === 'who-has') {
    if (!argument)
      return wrong(token, '`who-has` names no address', 'write who-has and a host or an address');
    return map(readWhom(argument), (whom) => ({ word: 'who-has', whom }));
  }
  if (token.text !== 'is-at') return unknown(token, 'arp');
  if (!argument) return { value: { word: 'is-at' } };
  return map(readCard(argument), (card) => ({ word: 'is-at', card }));
}

function map(party: LinePart<Party>, make: (party: Party) => Word): LinePart<Word> {
  return party.problem ? party : { value: make(party.value) };
}

function ofMembership(token: Token, rest: Token[]): LinePart<Word> {
  const says = MEMBERSHIPS.find((one) => one === token.text);
  if (!says) return unknown(token, 'igmp');
  const group = rest[0] && !isField(rest[0].text) ? rest.shift() : undefined;
  if (!group) return { value: { word: says } };
  return map(readGroup(group), (one) => ({ word: says, group: one }));
}

function ofMessage(token: Token, protocol: 'icmp' | 'icmpv6'): LinePart<Word> {
  const { text } = token;
  if (messagesOf(protocol).includes(text)) return { value: { word: 'message', message: text } };
  const other = protocol === 'icmp' ? 'icmpv6' : 'icmp';
  if (!messagesOf(other).includes(text)) return unknown(token, protocol);
  const { problem } = wrong(token, `\`${text}\` is a word of ${other}, not of ${protocol}`);
  return { problem: { ...problem, allowed: wordsOf(protocol) } };
}

function ofMessageAbove(token: Token, protocol: Application): LinePart<Word> {
  const { text } = token;
  if (protocol === 'http' && /^[1-5]\d\d$/.test(text)) return { value: { word: 'message', message: text } };
  if (protocol === 'irc' && /^\d{3}$/.test(text)) return { value: { word: 'message', message: text } };
  const small = (word: string) => word.toLowerCase() === text.toLowerCase();
  const meant = APPLICATION_WORDS[protocol].find(small);
  if (meant === undefined) return unknown(token, protocol);
  if (meant !== text) return wrong(token, `\`${text}\` is not a word of ${protocol}`, `write ${meant}`);
  return { value: { word: 'message', message: text } };
}

function ofFlags(token: Token, rest: readonly Token[]): LinePart<Word> {
  const { text } = token;
  const flags = readFlags(text);
  if (flags === undefined) {
    const meant = meantFlags(text);
    if (meant === undefined) return unknown(token, 'tcp');
    return wrong(token, `\`${text}\` is not a way to write flags`, `write ${meant}`);
  }
  const next = rest[0] && readFlags(rest[0].text);
  if (next !== undefined) {
    const both = `${text} ${rest[0]!.text}`;
    const hint = `join flags of one segment: ${meantFlags(both)}; for two segments write two lines`;
    return wrong({ ...token, text: both }, `\`${both}\` is not a way to write flags`, hint);
  }
  if (isSent(flags)) return { value: { word: 'flags', flags } };
  const hint = `write ${text}+ACK: once a connection is open every segment carries ACK, and flags here are exact about it`;
  return wrong(token, `no kernel sends ${text} without ACK`, hint);
}

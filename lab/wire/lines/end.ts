/** One end of a line: `alice`, `alice.office:9000`, `10.50.1.10`, `[fd00::1]:7`, `*`, `broadcast`. */
import ipaddr from 'ipaddr.js';
import { BROADCAST_MAC, ipv6Text } from '../address.ts';
import type { Hint } from './hint.ts';
import { type End, hasPorts, isBetweenCards, type Party, type Protocol } from './line.ts';
import { isAnybody } from './other-tools.ts';
import type { LineProblem } from './problem.ts';
import type { Token } from './tokens.ts';

export type LinePart<T> = { value: T; problem?: undefined } | { value?: undefined; problem: LineProblem };

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;
const HOST = /^[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]*[a-z0-9])?)?$/;
const NOT_SENT = ['broadcast', 'multicast'];

export function readEnd(token: Token, protocol: Protocol, side: 'source' | 'destination'): LinePart<End> {
  const { who, port } = split(token.text);
  const party = readParty({ text: who, column: token.column }, protocol);
  if (party.problem) return party;
  if (side === 'source' && NOT_SENT.includes(party.value.kind)) {
    return wrong(
      token,
      `nothing is sent from \`${who}\``,
      ({ host }) => `write who sends first: ${host} > ${who}`,
    );
  }
  if (port === undefined) return { value: { party: party.value } };
  const at = { text: port, column: token.column + token.text.length - port.length };
  if (!hasPorts(protocol))
    return wrong(at, `${protocol} has no ports`, `write ${who} alone, or begin the line with udp or tcp`);
  const [, first] = /^(\d+)(?:-|\.\.|,)\d*$/.exec(port) ?? [];
  if (first !== undefined)
    return wrong(at, `${port} is more than one port`, `write a line for each port: ${who}:${first}`);
  if (port === '*') return wrong(at, 'any port is written as none', `write ${who}`);
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= 65535) return { value: { party: party.value, port: number } };
  return wrong(at, `${port || 'nothing'} is not a port`, 'a port is a whole number from 1 to 65535');
}

/** A MAC and an IPv6 address without brackets have no port. */
function split(text: string): { who: string; port?: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { who: bracketed[1]!, ...(bracketed[2] !== undefined && { port: bracketed[2] }) };
  const colon = text.lastIndexOf(':');
  if (colon < 0 || text.indexOf(':') < colon) return { who: text };
  return { who: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** The place for an address in a line between cards. */
const INSTEAD: Partial<Record<Protocol, string>> = {
  arp: 'an address comes after who-has',
  dhcp: 'an address comes after gives= or asks=',
};

const hosts: Hint = ({ host, other }) =>
  `write a host (${host} or ${other}:9000), an address, or * for anybody`;

/** Reads an end without its port. */
export function readParty(token: Token, protocol: Protocol): LinePart<Party> {
  const { text } = token;
  if (text === '*') return { value: { kind: 'any' } };
  if (text === 'broadcast' || text === 'multicast') return { value: { kind: text } };
  if (MAC.test(text)) return ofCards(token, protocol);
  const address = readAddress(text);
  if (address !== undefined) {
    if (!isBetweenCards(protocol)) return { value: { kind: 'address', address } };
    const instead = INSTEAD[protocol] ?? 'write `ip` for addresses';
    return wrong(
      token,
      `${protocol} goes from card to card, and ${text} is an address`,
      `write a host or a MAC; ${instead}`,
    );
  }
  if (/^[\d.]+$/.test(text))
    return wrong(token, `${text} is not an address`, 'an IPv4 address is four numbers from 0 to 255');
  if (HOST.test(text)) return { value: readHost(text) };
  const small = text.toLowerCase();
  if (HOST.test(small))
    return wrong(token, `\`${text}\` is not a host`, `names are written in small letters: ${small}`);
  if (isAnybody(text)) return wrong(token, `\`${text}\` is not a host`, 'for anybody write *');
  if (/^[\da-f.:]+\/\d+$/i.test(text))
    return wrong(token, `${text} is a network, and one host stands here`, hosts);
  return wrong(token, `\`${text}\` is neither a host nor an address`, hosts);
}

/** A card: a host's, or one by its MAC. */
export function readCard(token: Token): LinePart<Party> {
  return readParty(token, 'frame');
}

/** Reads the target of an ARP request: it has an IPv4 address. */
export function readWhom(token: Token): LinePart<Party> {
  const party = readParty(token, 'ip');
  if (party.problem || ['host', 'address', 'any'].includes(party.value.kind)) return party;
  return wrong(
    token,
    `ARP asks for an address, not for ${token.text}`,
    'write who-has and a host or an address',
  );
}

/** Reads the host whose address a message contains. */
export function readAddressee(token: Token): LinePart<Party> {
  const party = readParty(token, 'ip');
  if (party.problem || ['host', 'address', 'any'].includes(party.value.kind)) return party;
  return wrong(token, `${token.text} is not the address of a host`, 'write a host or an address');
}

/** A group that hosts hear by IPv4. */
export function readGroup(token: Token): LinePart<Party> {
  const party = readParty(token, 'ip');
  if (party.problem || party.value.kind === 'any') return party;
  if (party.value.kind === 'address' && isGroup(party.value.address)) return party;
  return wrong(
    token,
    `${token.text} is not a group of IPv4`,
    'write an address of 224.0.0.0 to 239.255.255.255',
  );
}

export function isGroup(address: string): boolean {
  return ipaddr.IPv4.isValid(address) && ipaddr.IPv4.parse(address).range() === 'multicast';
}

function ofCards(token: Token, protocol: Protocol): LinePart<Party> {
  const mac = token.text.toLowerCase();
  if (!isBetweenCards(protocol)) {
    return wrong(
      token,
      `${protocol} goes from address to address, and ${mac} is a MAC`,
      `write mac=${mac} or from_mac=${mac} at the end`,
    );
  }
  return { value: mac === BROADCAST_MAC ? { kind: 'broadcast' } : { kind: 'mac', mac } };
}

function readHost(text: string): Party {
  const [host = '', network] = text.split('.');
  return { kind: 'host', host, ...(network !== undefined && { network }) };
}

function readAddress(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toString();
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text) || text.includes('%')) return undefined;
  return ipv6Text(Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray()), 0);
}

export function wrong({ text, column }: Token, message: string, hint?: Hint): { problem: LineProblem } {
  const problem = { column, length: Math.max(1, text.length), message };
  return { problem: hint === undefined ? problem : { ...problem, hint } };
}

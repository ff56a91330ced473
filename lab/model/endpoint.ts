/** `echo:9000`: a target and a port, as a scenario writes them. */
import { canonical, parseAddress, printAddress, rangeOf } from './address.ts';
import { Wrong } from './reading.ts';

/** Words that may stand where a host's name may stand, so no host has them as its name. */
export const RESERVED = ['all', 'broadcast', 'multicast', 'lab', 'gateway', 'localhost', 'none'] as const;

/** The word in place of a gateway for a host that sends nothing beyond its own networks. */
export const NONE = 'none';

/** Somebody on a network, before names are looked up. */
export type Target =
  | { kind: 'address'; address: string }
  | { kind: 'broadcast' }
  /** `network` where one of a host's several addresses is meant: `router.office`. */
  | { kind: 'host'; host: string; network?: string };

export interface ParsedEndpoint {
  target: Target;
  port: number;
}

/**
 * Reads `host:port`, `address:port` or `[fd00::1]:port` (RFC 3986 section 3.2.2); the port may be left out where there
 * is a default.
 */
export function parseEndpoint(text: string, defaultPort?: number): ParsedEndpoint | Wrong {
  const split = splitPort(text);
  if (!split) return new Wrong(`${text} is not an endpoint`, 'write a host and a port: "echo:9000"');
  const { who, port } = split;
  const target = parseTarget(who);
  if (target instanceof Wrong) return target;
  if (port === undefined) {
    if (defaultPort !== undefined) return { target, port: defaultPort };
    const name = who.includes(':') ? `[${who}]` : who;
    return new Wrong(`${text} names no port`, `write one after a colon: "${name}:9000"`);
  }
  const number = /^\d{1,6}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= 65535) return { target, port: number };
  const known = PORTS[port.toLowerCase()];
  const hint = known ? `write "${who}:${known}"` : 'a port is a whole number from 1 to 65535';
  return new Wrong(`${port || 'nothing'} is not a port`, hint);
}

/** Services by the names that people write for their ports (IANA). */
const PORTS: Readonly<Record<string, number>> = {
  ...{ ftp: 21, ssh: 22, telnet: 23, smtp: 25, dns: 53, domain: 53, tftp: 69, http: 80, ntp: 123, snmp: 161 },
  ...{ ldap: 389, https: 443, syslog: 514, mysql: 3306, postgres: 5432, redis: 6379 },
};

/** An IPv6 address without brackets has no port. */
function splitPort(text: string): { who: string; port?: string } | undefined {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { who: bracketed[1]!, ...(bracketed[2] !== undefined && { port: bracketed[2] }) };
  if (canonical(text) || isScoped(text)) return { who: text };
  const [who = '', port, more] = text.split(':');
  if (more !== undefined) return undefined;
  return { who, ...(port !== undefined && { port }) };
}

/** Reads a host's name, `name.network`, `broadcast`, or an address. */
export function parseTarget(text: string): Target | Wrong {
  if (text === 'broadcast') return { kind: 'broadcast' };
  if (text === 'localhost')
    return new Wrong('`localhost` is not a host of the lab', 'write 127.0.0.1 for the host itself');
  const address = parseAddress(text.replace(/^\[(.*)\]$/, '$1'));
  if (isScoped(text) || (address && rangeOf(address) === 'linkLocal' && address.family === 'ipv6'))
    return new Wrong(
      `${text} is an address of one network alone (link-local)`,
      'write a host or an address of its network',
    );
  if (address && rangeOf(address) === 'ipv4Mapped')
    return new Wrong(`${text} is an IPv4 address in the form of IPv6`, 'write the four numbers');
  if (address !== undefined) return { kind: 'address', address: printAddress(address) };
  const [who = '', port, rest] = text.split(':');
  if (rest !== undefined) return new Wrong(`${text} is not an address`, 'write for instance "fd00:50:1::10"');
  if (port !== undefined) return new Wrong(`\`${text}\` has a port, and none is needed`, `write ${who}`);
  if (/^[\d.]*$/.test(text)) {
    return new Wrong(
      `${text || 'nothing'} is not an address`,
      'an IPv4 address is four numbers from 0 to 255',
    );
  }
  const [host = '', network, more] = text.split('.');
  if (more !== undefined)
    return new Wrong(`${text} is not a host of the lab`, 'there is no DNS: write a host or an address');
  return network === undefined ? { kind: 'host', host } : { kind: 'host', host, network };
}

/** With a zone (RFC 4007): `fe80::1%eth0`. */
function isScoped(text: string): boolean {
  return text.includes('%') && parseAddress(text.replace(/%.*$/, ''))?.family === 'ipv6';
}

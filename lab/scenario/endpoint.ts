/** `echo:9000`: who and which port, as a scenario writes them. */
import ipaddr from 'ipaddr.js';
import { parseAddress } from './address.ts';
import { Wrong } from './reading.ts';

/** Words that stand where a host's name may stand, and are no host's name. */
export const RESERVED = ['all', 'broadcast', 'multicast', 'lab', 'gateway', 'localhost', 'none'] as const;

/** In place of a gateway: no way leads off the host's own networks. */
export const NONE = 'none';

/** Somebody on a network, before names are looked up. */
export type Target =
  | { kind: 'address'; address: number }
  | { kind: 'broadcast' }
  /** `network` where one of a host's several addresses is meant: `router.office`. */
  | { kind: 'host'; host: string; network?: string };

export interface ParsedEndpoint {
  target: Target;
  port: number;
}

/** Reads `host:port` or `address:port`; the port may be left out where there is a default. */
export function parseEndpoint(text: string, defaultPort?: number): ParsedEndpoint | Wrong {
  if (isV6(text))
    return new Wrong(`${text} is an IPv6 endpoint`, 'IPv6 comes with a later version: use IPv4');
  const [who = '', port, more] = text.split(':');
  if (more !== undefined)
    return new Wrong(`${text} is not an endpoint`, 'write a host and a port: "echo:9000"');
  const target = parseTarget(who);
  if (target instanceof Wrong) return target;
  if (port === undefined) {
    if (defaultPort !== undefined) return { target, port: defaultPort };
    return new Wrong(`${text} names no port`, `write one after a colon: "${who}:9000"`);
  }
  const number = /^\d{1,6}$/.test(port) ? Number(port) : 0;
  if (number >= 1 && number <= 65535) return { target, port: number };
  return new Wrong(`${port || 'nothing'} is not a port`, 'a port is a whole number from 1 to 65535');
}

/** Reads a host's name, `name.network`, `broadcast`, or an IPv4 address. */
export function parseTarget(text: string): Target | Wrong {
  if (text === 'broadcast') return { kind: 'broadcast' };
  if (text === 'localhost')
    return new Wrong('`localhost` is no host of the lab', 'write 127.0.0.1 for the host itself');
  if (isV6(text)) return new Wrong(`${text} is an IPv6 address`, 'IPv6 comes with a later version: use IPv4');
  const [who, port] = text.split(':');
  if (port !== undefined) return new Wrong(`\`${text}\` has a port, and none is needed`, `write ${who}`);
  const address = parseAddress(text);
  if (address !== undefined) return { kind: 'address', address };
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

function isV6(text: string): boolean {
  return ipaddr.IPv6.isValid(text) || /^\[.*\](:\d*)?$/.test(text);
}

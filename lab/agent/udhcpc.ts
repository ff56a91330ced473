/** The DHCP client's command, the script that it runs at each event, and the line that the script says of it. Pure. */
/** A lease, as a DHCP server has acknowledged it (RFC 2131, options of RFC 2132). */
export interface Lease {
  address: string;
  prefix: number;
  /** The server's identifier (option 54). */
  server: string;
  /** The time for which the address is the host's own (option 51). */
  seconds: number;
  /** Option 3. */
  routers: string[];
  /** Option 121 (RFC 3442): `10.50.2.0/24` or `default`. Where there are any, option 3 does not count. */
  routes: { to: string; via: string }[];
  /** Option 6. */
  resolvers: string[];
  /** Option 15. */
  domain?: string;
}

/** An event of the client: a lease is there, was renewed, is gone (`deconfig`), or did not come. */
export type Happening =
  | { event: 'bound' | 'renew'; lease: Lease }
  | { event: 'deconfig' | 'leasefail' | 'nak' };

const MARK = 'lanlab-lease';
const VARIABLES = ['ip', 'mask', 'serverid', 'lease', 'router', 'staticroutes', 'dns', 'domain'];

/** The script changes nothing: the agent does, when it reads the script's line. */
export const SCRIPT = `#!/bin/sh
printf '%s' '${MARK}|' "$1"
printf '|%s' ${VARIABLES.map((name) => `"$${name}"`).join(' ')}
echo
`;

/** Seconds between two DISCOVERs, how many of them there are, and the pause before it begins again. */
const [BETWEEN, TRIES, PAUSE] = ['1', '10', '5'];

/** The client stays, renews its lease in time, and asks for classless routes as well (option 121). */
export function udhcpc(card: string, hostname: string, script: string): string[] {
  const times = ['-T', BETWEEN, '-t', TRIES, '-A', PAUSE];
  return ['udhcpc', '-f', '-i', card, '-s', script, '-x', `hostname:${hostname}`, '-O', '121', ...times];
}

/** Undefined for any other line. */
export function readHappening(line: string): Happening | undefined {
  const [mark, event, ...values] = line.split('|');
  if (mark !== MARK) return undefined;
  if (event === 'deconfig' || event === 'leasefail' || event === 'nak') return { event };
  if (event !== 'bound' && event !== 'renew') return undefined;
  const of = new Map(VARIABLES.map((name, index) => [name, values[index] ?? '']));
  const text = (name: string) => of.get(name)!;
  const [address, server] = [text('ip'), text('serverid')].map((value) => addresses(value)[0]);
  const [prefix, seconds] = [Number(text('mask')), Number(text('lease'))];
  if (!address || !server || !(prefix >= 0 && prefix <= 32) || !(seconds > 0)) return undefined;
  const domain = /^[\w.-]+$/.exec(text('domain'))?.[0];
  return {
    event,
    lease: {
      ...{ address, prefix, server, seconds },
      routers: addresses(text('router')),
      routes: pairs(text('staticroutes')),
      resolvers: addresses(text('dns')),
      ...(domain !== undefined && { domain }),
    },
  };
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

function addresses(text: string): string[] {
  return text.split(' ').filter((word) => ADDRESS.test(word));
}

/** `10.50.2.0/24 10.50.1.1 0.0.0.0/0 10.50.1.1` */
function pairs(text: string): Lease['routes'] {
  const words = text.split(' ').filter((word) => word !== '');
  const found: Lease['routes'] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [to = '', via = ''] = words.slice(at, at + 2);
    if (ADDRESS.test(via) && /^[\d.]+\/\d+$/.test(to))
      found.push({ to: to === '0.0.0.0/0' ? 'default' : to, via });
  }
  return found;
}

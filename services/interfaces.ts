/**
 * The host's addresses, also those that `os.networkInterfaces()` leaves out. It skips interfaces that are up but not known to
 * be running, and the kernel may tell up to a second late that a cable is in. So a program that was started right after its
 * network would miss its addresses. On Linux the kernel's own tables have them.
 */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { broadcastAddress, type Interfaces } from './addresses.ts';

type Info = NonNullable<Interfaces[string]>[number];

/** Interfaces by name; under the empty name addresses whose interface is not known yet. */
export function hostInterfaces(): Interfaces {
  return merged(networkInterfaces(), contents('/proc/net/fib_trie'), contents('/proc/net/if_inet6'));
}

/** Pure: Node's list, and the further addresses in the kernel's IPv4 routing trie and IPv6 address table. */
export function merged(listed: Interfaces, fibTrie: string, ifInet6: string): Interfaces {
  const known = new Set(Object.values(listed).flatMap((infos = []) => infos.map(key)));
  const all: Interfaces = { ...listed };
  for (const [name, info] of [...ipv4Of(fibTrie), ...ipv6Of(ifInet6)]) {
    if (known.has(key(info))) continue;
    known.add(key(info));
    all[name] = [...(all[name] ?? []), info];
  }
  return all;
}

function key(info: Info): string {
  return info.family === 'IPv6' ? `${info.address}%${info.scopeid}` : info.address;
}

/** Leaves `|-- 10.0.0.1` followed by `/32 host LOCAL`, or by `/32 link BROADCAST`. */
function ipv4Of(fibTrie: string): [string, Info][] {
  const leaves = (type: string): string[] =>
    [...fibTrie.matchAll(new RegExp(`\\|-- ([\\d.]+)\\s+/32 ${type}`, 'g'))].map((found) => found[1] ?? '');
  const broadcasts = new Set(leaves('link BROADCAST'));
  return leaves('host LOCAL').map((address) => {
    const cidr = `${address}/${prefixOf(address, broadcasts)}`;
    const internal = address.startsWith('127.');
    return ['', { address, netmask: '', family: 'IPv4', mac: '', internal, cidr }];
  });
}

/** The trie does not give the prefix: the widest network that has one of the host's broadcast addresses. */
function prefixOf(address: string, broadcasts: ReadonlySet<string>): number {
  for (let prefix = 8; prefix <= 30; prefix += 1) {
    if (broadcasts.has(broadcastAddress(address, prefix) ?? '')) return prefix;
  }
  return 32;
}

/** Rows `address ifindex prefix scope flags name`, numbers in hexadecimal (scope 20 is link-local). */
function ipv6Of(ifInet6: string): [string, Info][] {
  const row = /^([\da-f]{32}) ([\da-f]+) ([\da-f]+) ([\da-f]+) [\da-f]+ +(\S+)$/gm;
  return [...ifInet6.matchAll(row)].map(([, hex = '', index = '', prefix = '', scope = '', name = '']) => {
    // The URL parser writes an IPv6 address in its short form (RFC 5952), as Node's list does.
    const long = hex.replace(/(.{4})(?=.)/g, '$1:');
    const address = new URL(`http://[${long}]`).hostname.slice(1, -1);
    const scopeid = scope === '20' ? Number.parseInt(index, 16) : 0;
    const cidr = `${address}/${Number.parseInt(prefix, 16)}`;
    return [
      name,
      { address, netmask: '', family: 'IPv6', mac: '', internal: address === '::1', cidr, scopeid },
    ];
  });
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * This host's addresses by card, also those of a card that is up and not yet known to be running. Such a card is missing from
 * `os.networkInterfaces()`. The kernel may tell up to a second late that a cable is in, but its routes tell at once.
 */
import { existsSync, readFileSync } from 'node:fs';
import { endianness, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** As `os.networkInterfaces()`; a card that is missing there has no MAC here. */
export function hostInterfaces(): Interfaces {
  const listed = networkInterfaces();
  const known = new Set(Object.values(listed).flatMap((infos = []) => infos.map(({ address }) => address)));
  const routes = connectedRoutes();
  const all: Interfaces = { ...listed };
  for (const address of ownIpv4().filter((one) => !known.has(one))) {
    const route = routes.find(({ mask, network }) => (numberOf(address) & mask) === network);
    if (!route) continue;
    all[route.card] = [...(all[route.card] ?? []), infoOf(address, route.mask)];
  }
  for (const { card, info } of ownIpv6().filter(({ info }) => !known.has(info.address)))
    all[card] = [...(all[card] ?? []), info];
  return all;
}

/** Rows `address index prefix scope flags card`, all but the card in hexadecimal; none where there is no IPv6. */
function ownIpv6(): { card: string; info: NetworkInterfaceInfo }[] {
  return readTable(`${net()}/if_inet6`).flatMap((row) => {
    const [hex = '', index = '', prefix = '', , , card] = row.trim().split(/\s+/);
    if (!card) return [];
    const address = ipv6Text(hex);
    const length = Number.parseInt(prefix, 16);
    const mask = ((1n << BigInt(length)) - 1n) << BigInt(128 - length);
    const netmask = ipv6Text(mask.toString(16).padStart(32, '0'));
    const scopeid = address.startsWith('fe80:') ? Number.parseInt(index, 16) : 0;
    const rest = { mac: '00:00:00:00:00:00', internal: card === 'lo', cidr: `${address}/${length}`, scopeid };
    return [{ card, info: { address, netmask, family: 'IPv6', ...rest } }];
  });
}

/** An agent that is not in the host's process namespace asks process 1 of the host, which is in the same network. */
function net(): string {
  return existsSync('/proc/self') ? '/proc/net' : '/proc/1/net';
}

function readTable(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** RFC 5952, as the system itself writes it. */
function ipv6Text(hex: string): string {
  return new URL(`http://[${hex.match(/.{4}/g)!.join(':')}]`).hostname.slice(1, -1);
}

interface Connected {
  card: string;
  network: number;
  mask: number;
}

/** The host's own addresses are leaves `|-- 10.0.0.1` of the trie, followed by `/32 host LOCAL`. */
function ownIpv4(): string[] {
  const trie = readFileSync(`${net()}/fib_trie`, 'utf8');
  const own = [...trie.matchAll(/\|-- ([\d.]+)\s+\/32 host LOCAL/g)].map(([, address = '']) => address);
  return [...new Set(own)];
}

/** Rows `card destination gateway flags … mask`, in hexadecimal, of networks reached without a gateway; longest prefix first. */
function connectedRoutes(): Connected[] {
  const rows = readFileSync(`${net()}/route`, 'utf8').split('\n').slice(1);
  const routes = rows.flatMap((row) => {
    const [card, destination = '', gateway = '', , , , , mask = ''] = row
      .split('\t')
      .map((cell) => cell.trim());
    if (!card || Number.parseInt(gateway, 16) !== 0 || Number.parseInt(mask, 16) === 0) return [];
    return [{ card, network: inOrder(destination), mask: inOrder(mask) }];
  });
  return routes.sort((one, other) => (other.mask >>> 0) - (one.mask >>> 0));
}

/** The table prints the four bytes as one number of the machine's own order. */
function inOrder(hex: string): number {
  const bytes = Buffer.from(hex, 'hex');
  return endianness() === 'LE' ? bytes.readInt32LE() : bytes.readInt32BE();
}

function numberOf(address: string): number {
  return Buffer.from(address.split('.').map(Number)).readInt32BE();
}

function dotted(address: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(address);
  return bytes.join('.');
}

function infoOf(address: string, mask: number): NetworkInterfaceInfo {
  const length = Math.clz32(~mask);
  const cidr = `${address}/${length}`;
  return { address, netmask: dotted(mask), family: 'IPv4', mac: '00:00:00:00:00:00', internal: false, cidr };
}

/** IPv4 and IPv6 addresses and subnets as numbers, each with its family. */
import ipaddr from 'ipaddr.js';

export const FAMILIES = ['ipv4', 'ipv6'] as const;
export type Family = (typeof FAMILIES)[number];

export interface Address {
  family: Family;
  number: bigint;
}

export interface Subnet {
  family: Family;
  /** The network's own address; in IPv6 that of the nearest router (RFC 4291 section 2.6.1). */
  first: bigint;
  /** The last address: in IPv4 the broadcast address, except in a /31. */
  last: bigint;
  prefix: number;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
const WORDS = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

/** `IPv4`, as a message says it. */
export function printFamily(family: Family): string {
  return WORDS[family];
}

/** Four decimal numbers, or RFC 4291 section 2.2 without a zone; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const octets = FOUR_DECIMALS.exec(text)?.slice(1).map(Number);
  if (octets) return octets.every((octet) => octet < 256) ? ipv4(octets) : undefined;
  if (!MAYBE_IPV6.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const bytes = Buffer.from(ipaddr.IPv6.parse(text).toByteArray());
  return { family: 'ipv6', number: BigInt(`0x${bytes.toString('hex')}`) };
}

/** Decimal, so without leading zeros: they are octal to some readers. */
const FOUR_DECIMALS = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
/** A cheap look before the thorough one, which throws: most texts that come here are `host:port`. */
const MAYBE_IPV6 = /^[\da-f.]*:[\da-f.]*:[\da-f.:]*$/i;

function ipv4(octets: readonly number[]): Address {
  const number = octets.reduce((high, octet) => high * 256 + octet, 0);
  return { family: 'ipv4', number: BigInt(number) };
}

/** `10.50.1.0`, `fd00:50:1::` (RFC 5952). */
export function printAddress({ family, number }: Address): string {
  if (family === 'ipv4') return [24n, 16n, 8n, 0n].map((bits) => (number >> bits) & 255n).join('.');
  const hex = number.toString(16).padStart(BITS[family] / 4, '0');
  return ipaddr.fromByteArray([...Buffer.from(hex, 'hex')]).toString();
}

/** The one way to write an address; undefined where the text is not an address. */
export function canonical(text: string): string | undefined {
  const address = parseAddress(text);
  return address && printAddress(address);
}

/** The family of an address or a subnet that is known to be right. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 'ipv6' : 'ipv4';
}

/** The subnet that an address and a prefix lie in (RFC 4632, RFC 4291). */
export function subnetOf({ family, number }: Address, prefix: number): Subnet {
  const hosts = (1n << BigInt(BITS[family] - prefix)) - 1n;
  const first = (number | hosts) - hosts;
  return { family, first, last: first + hosts, prefix };
}

/** The subnet of a CIDR text that is known to be right. */
export function subnetFrom(cidr: string): Subnet {
  const [text = '', prefix] = cidr.split('/');
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`${cidr} is not a subnet`);
  return subnetOf(address, Number(prefix));
}

/** `10.50.1.0/24` */
export function printSubnet({ family, first, prefix }: Subnet): string {
  return `${printAddress({ family, number: first })}/${prefix}`;
}

export function contains({ family, first, last }: Subnet, address: Address): boolean {
  return family === address.family && address.number >= first && address.number <= last;
}

export function overlap(one: Subnet, other: Subnet): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

/** Both addresses are hosts', and there is no broadcast (/31, RFC 3021) and no anycast (/127, RFC 6164). */
export function isPointToPoint({ first, last }: Pick<Subnet, 'first' | 'last'>): boolean {
  return last - first === 1n;
}

/** The highest host address of IPv4: kept for an engine whose networks must own one. IPv6 is the agents' own work. */
export function engineAddress(subnet: Subnet): Address | undefined {
  const { family, last } = subnet;
  return family === 'ipv4' && !isPointToPoint(subnet) ? { family, number: last - 1n } : undefined;
}

/** The first and the last that hosts may have: not the network's own, in IPv4 not the engine's and the broadcast. */
export function hostRange(subnet: Subnet): { lowest: Address; highest: Address } {
  const { family, first, last } = subnet;
  if (isPointToPoint(subnet)) return { lowest: { family, number: first }, highest: { family, number: last } };
  const highest = family === 'ipv4' ? last - 2n : last;
  return { lowest: { family, number: first + 1n }, highest: { family, number: highest } };
}

/** The number of hosts for which the subnet has room. */
export function room(subnet: Subnet): bigint {
  const { lowest, highest } = hostRange(subnet);
  return highest.number - lowest.number + 1n;
}

/** The use of an address, where it is not for one host: `loopback`, `multicast`, `linkLocal`, `reserved`… */
export function rangeOf(address: Address): string {
  return ipaddr.parse(printAddress(address)).range();
}

/** The link-local address that a card makes of its MAC (RFC 4291 section 2.5.6 and appendix A). */
export function linkLocalOf(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac
    .split(':')
    .map((octet) => Number.parseInt(octet, 16));
  const identifier = [a ^ 2, b, c, 0xff, 0xfe, d, e, f];
  return ipaddr.fromByteArray([0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...identifier]).toString();
}

/** IPv4 addresses and subnets as unsigned 32-bit numbers. */
import ipaddr from 'ipaddr.js';

export interface Subnet {
  /** The network's own address. */
  first: number;
  /** The broadcast address. */
  last: number;
  prefix: number;
}

/** An address written as four decimal numbers, or undefined. */
export function parseAddress(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(text).toByteArray();
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** `10.50.1.0` */
export function printAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** The subnet that an address and a prefix lie in (RFC 4632). */
export function subnetOf(address: number, prefix: number): Subnet {
  const mask = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
  const first = (address & mask) >>> 0;
  return { first, last: (first | ~mask) >>> 0, prefix };
}

/** The subnet of a CIDR text that is known to be right. */
export function subnetFrom(cidr: string): Subnet {
  const [address = '', prefix] = cidr.split('/');
  const number = parseAddress(address);
  if (number === undefined) throw new TypeError(`${cidr} is not an IPv4 subnet`);
  return subnetOf(number, Number(prefix));
}

/** `10.50.1.0/24` */
export function printSubnet(subnet: Subnet): string {
  return `${printAddress(subnet.first)}/${subnet.prefix}`;
}

export function contains(subnet: Subnet, address: number): boolean {
  return address >= subnet.first && address <= subnet.last;
}

/** The highest host address: kept for an engine whose networks must own one. */
export function engineAddress(subnet: Subnet): number {
  return subnet.last - 1;
}

/** How many hosts have room: all addresses but the network's, the broadcast and the engine's. */
export function room(subnet: Subnet): number {
  return subnet.last - subnet.first - 2;
}

/** What an address is for, where that is not one host: `loopback`, `multicast`, `broadcast`, `reserved`. */
export function rangeOf(address: number): string {
  return ipaddr.IPv4.parse(printAddress(address)).range();
}

/**
 * Addresses as text and as bytes: MAC in lower case with colons, IPv4 in dotted decimal, IPv6 by RFC 5952
 * section 4. A capture names the same few addresses over and over, so each kind remembers the texts it has
 * made. The table has a fixed size: a new text replaces the one in its slot.
 */
import { uint16, uint32 } from './integer.ts';

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff';
/** The MAC address that stands where no card is named. */
export const NO_MAC = '00:00:00:00:00:00';

/** Whether a MAC is a broadcast or a multicast one: the lowest bit of the first octet, IEEE 802 section 8.2. */
export function isGroupMac(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

/** Multicast, or the broadcast of every IPv4 network (RFC 5771, RFC 919, RFC 4291 section 2.7). */
export function isGroupAddress(address: string): boolean {
  if (address.includes(':')) return address.startsWith('ff');
  const first = Number.parseInt(address, 10);
  return (first >= 224 && first < 240) || address === '255.255.255.255';
}

const SLOTS = 1024;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const macKeys = new Uint32Array(2 * SLOTS);
const macTexts: string[] = new Array(SLOTS).fill('');
const ipv4Keys = new Uint32Array(SLOTS);
const ipv4Texts: string[] = new Array(SLOTS).fill('');
const ipv6Keys = new Uint32Array(4 * SLOTS);
const ipv6Texts: string[] = new Array(SLOTS).fill('');

/** The upper bits of a multiplicative hash, so that addresses that count up do not share slots. */
function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> 22;
}

/** The six bytes at `at`. */
export function macText(bytes: Uint8Array, at: number): string {
  const high = uint16(bytes, at);
  const low = uint32(bytes, at + 2);
  const slot = slotOf(low ^ high);
  const known = macTexts[slot]!;
  if (known !== '' && macKeys[2 * slot] === high && macKeys[2 * slot + 1] === low) return known;
  const text = writeMac(bytes, at);
  macKeys[2 * slot] = high;
  macKeys[2 * slot + 1] = low;
  macTexts[slot] = text;
  return text;
}

/** The four bytes at `at`. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  const key = uint32(bytes, at);
  const slot = slotOf(key);
  const known = ipv4Texts[slot]!;
  if (known !== '' && ipv4Keys[slot] === key) return known;
  const text = `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  ipv4Keys[slot] = key;
  ipv4Texts[slot] = text;
  return text;
}

/** The sixteen bytes at `at`. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const [a, b, c, d] = [
    uint32(bytes, at),
    uint32(bytes, at + 4),
    uint32(bytes, at + 8),
    uint32(bytes, at + 12),
  ];
  const slot = slotOf(a ^ b ^ c ^ Math.imul(d, 31));
  const key = 4 * slot;
  const same =
    ipv6Keys[key] === a && ipv6Keys[key + 1] === b && ipv6Keys[key + 2] === c && ipv6Keys[key + 3] === d;
  const known = ipv6Texts[slot]!;
  if (known !== '' && same) return known;
  const text = writeIpv6(bytes, at);
  ipv6Keys.set([a, b, c, d], key);
  ipv6Texts[slot] = text;
  return text;
}

function writeMac(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!;
  for (let i = 1; i < 6; i += 1) text += `:${HEX[bytes[at + i]!]}`;
  return text;
}

/** The first of the longest runs of two or more zero groups becomes `::`. */
function writeIpv6(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, group) => uint16(bytes, at + 2 * group));
  let best = { from: 0, to: 0 };
  for (let from = 0; from < 8; from += 1) {
    let to = from;
    while (to < 8 && groups[to] === 0) to += 1;
    if (to - from > Math.max(1, best.to - best.from)) best = { from, to };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.to === 0) return hex.join(':');
  return `${hex.slice(0, best.from).join(':')}::${hex.slice(best.to).join(':')}`;
}

/** `02:6c:61:00:00:01` as six bytes. The text is one that this file writes. */
export function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16));
}

/** `10.50.1.10` as four bytes. */
export function ipv4Bytes(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** `fd00::1` as sixteen bytes. */
export function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  const bytes = new Uint8Array(16);
  [...before, ...zeros, ...after].forEach((group, index) => {
    const value = Number.parseInt(group, 16);
    bytes[2 * index] = value >>> 8;
    bytes[2 * index + 1] = value;
  });
  return bytes;
}

/** BSD loopback (LINKTYPE_NULL, LINKTYPE_LOOP): four bytes that number the address family of the packet. */
import { TYPE_IPV4, TYPE_IPV6 } from '../ethernet.ts';
import type { Header } from '../header.ts';
import { uint32 } from '../integer.ts';
import { short, type Trouble } from '../trouble.ts';

/** BSD loopback: the address family of the packet, by the number of the capturing system. */
export interface Loopback extends Header {
  readonly kind: 'loopback';
  readonly family: number;
}

const LENGTH = 4;
const AF_INET = 2;
/** AF_INET6 differs: Windows and Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
const AF_INET6: readonly number[] = [10, 23, 24, 28, 30];

export function openLoopback(bytes: Uint8Array, end: number): Loopback | Trouble {
  if (end < LENGTH) return short('loopback', 0, LENGTH, end);
  const number = uint32(bytes, 0);
  // In the byte order of the capturing machine; every family is a small number.
  const family = number > 0xffff ? swapped(number) : number;
  return { kind: 'loopback', start: 0, end: LENGTH, family };
}

/** The Ethernet type of the packet; undefined for a family that is not IP. */
export function loopbackType({ family }: Loopback): number | undefined {
  if (family === AF_INET) return TYPE_IPV4;
  return AF_INET6.includes(family) ? TYPE_IPV6 : undefined;
}

function swapped(number: number): number {
  const turned = (number << 24) | ((number & 0xff00) << 8) | ((number >>> 8) & 0xff00) | (number >>> 24);
  return turned >>> 0;
}

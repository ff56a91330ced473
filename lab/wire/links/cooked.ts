/** Linux cooked captures (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2): who sent it, which way it went, what follows. */
import { macText } from '../address.ts';
import type { Cooked, Trouble } from '../frame.ts';
import { uint16, uint32 } from '../integer.ts';
import { short } from '../trouble.ts';

const LENGTH = { 1: 16, 2: 20 } as const;
const MAC = 6;
export const OUTGOING = 4;
/** ARPHRD: what a card is of which the protocol field is no Ethernet type (Linux, if_arp.h). */
export const ARPHRD = { wireless: 801, radiotap: 803, netlink: 824 } as const;
/** Protocols of Linux that are below the Ethernet types: a frame of 802.3 with LLC. */
export const PROTOCOL_LLC = 4;

export function openCooked(bytes: Uint8Array, end: number, version: 1 | 2): Cooked | Trouble {
  const length = LENGTH[version];
  if (end < length) return short('cooked', 0, length, end);
  return version === 1 ? readFirst(bytes, length) : readSecond(bytes, length);
}

function readFirst(bytes: Uint8Array, end: number): Cooked {
  return {
    kind: 'cooked',
    version: 1,
    start: 0,
    end,
    packetType: uint16(bytes, 0),
    hardware: uint16(bytes, 2),
    protocol: uint16(bytes, 14),
    ...(uint16(bytes, 4) === MAC && { source: macText(bytes, 6) }),
  };
}

function readSecond(bytes: Uint8Array, end: number): Cooked {
  return {
    kind: 'cooked',
    version: 2,
    start: 0,
    end,
    packetType: bytes[10]!,
    hardware: uint16(bytes, 8),
    protocol: uint16(bytes, 0),
    interfaceIndex: uint32(bytes, 4),
    ...(bytes[11] === MAC && { source: macText(bytes, 12) }),
  };
}

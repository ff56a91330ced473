/** Linux cooked captures (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2): the sender, the direction and the protocol. */
import { macText } from '../address.ts';
import type { Header } from '../header.ts';
import { uint16, uint32 } from '../integer.ts';
import { short, type Trouble } from '../trouble.ts';

/** The header of a cooked capture, version 1 (SLL) or 2 (SLL2): of the card `any`, or of a card without a header. */
export interface Cooked extends Header {
  readonly kind: 'cooked';
  readonly version: 1 | 2;
  /** 0 to this host, 1 broadcast, 2 multicast, 3 to another host, 4 sent by this host. */
  readonly packetType: number;
  /** ARPHRD of the card. */
  readonly hardware: number;
  /** The sender's address, where it is a MAC address. */
  readonly source?: string;
  /** An Ethernet type, or below 1536 a number of Linux. */
  readonly protocol: number;
  /** In version 2: the card's number on the capturing machine. */
  readonly interfaceIndex?: number;
}

/** Where the fields lie, by version: bytes from the frame’s first. */
export const COOKED_AT = {
  1: { packetType: 0, hardware: 2, addressLength: 4, source: 6, protocol: 14, end: 16 },
  2: { protocol: 0, interfaceIndex: 4, hardware: 8, packetType: 10, addressLength: 11, source: 12, end: 20 },
} as const;
const MAC = 6;
export const OUTGOING = 4;
/** ARPHRD: kinds of cards for which the protocol field is not an Ethernet type (Linux, if_arp.h). */
export const ARPHRD = { wireless: 801, radiotap: 803, netlink: 824 } as const;
/** A protocol number of Linux below the Ethernet types: a frame of 802.3 with LLC. */
export const PROTOCOL_LLC = 4;

export function openCooked(bytes: Uint8Array, end: number, version: 1 | 2): Cooked | Trouble {
  const length = COOKED_AT[version].end;
  if (end < length) return short('cooked', 0, length, end);
  return version === 1 ? readFirst(bytes) : readSecond(bytes);
}

function readFirst(bytes: Uint8Array): Cooked {
  const at = COOKED_AT[1];
  return {
    kind: 'cooked',
    version: 1,
    start: 0,
    end: at.end,
    packetType: uint16(bytes, at.packetType),
    hardware: uint16(bytes, at.hardware),
    protocol: uint16(bytes, at.protocol),
    ...(uint16(bytes, at.addressLength) === MAC && { source: macText(bytes, at.source) }),
  };
}

function readSecond(bytes: Uint8Array): Cooked {
  const at = COOKED_AT[2];
  return {
    kind: 'cooked',
    version: 2,
    start: 0,
    end: at.end,
    packetType: bytes[at.packetType]!,
    hardware: uint16(bytes, at.hardware),
    protocol: uint16(bytes, at.protocol),
    interfaceIndex: uint32(bytes, at.interfaceIndex),
    ...(bytes[at.addressLength] === MAC && { source: macText(bytes, at.source) }),
  };
}

/** Ethernet II and IEEE 802.3: destination, source, and a type or a length. */
import { macText } from './address.ts';
import type { Header } from './header.ts';
import { uint16 } from './integer.ts';
import { short, type Trouble } from './trouble.ts';

/** Where the fields lie: bytes from the header’s first. */
export const ETHERNET_AT = {
  destination: 0,
  source: 6,
  /** The type of the content, `0x0800`; below 1536 a length. With tags, a tag's; `Ethernet.type` is that after the last one. */
  type: 12,
  end: 14,
} as const;

/** Below it the type is the length of the content. */
export const FIRST_TYPE = 1536;
export const TYPE_IPV4 = 0x0800;
export const TYPE_ARP = 0x0806;
export const TYPE_IPV6 = 0x86dd;
/** RFC 903: the same message as ARP. */
export const TYPE_RARP = 0x8035;

/** Other types that are common. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [0x0842, 'Wake-on-LAN'],
  [0x8809, 'slow protocols (LACP)'],
  [0x8847, 'MPLS'],
  [0x8848, 'MPLS'],
  [0x8863, 'PPPoE discovery'],
  [0x8864, 'PPPoE session'],
  [0x888e, 'EAPOL'],
  [0x88cc, 'LLDP'],
  [0x88e5, 'MACsec'],
  [0x88f7, 'PTP'],
  [0x9000, 'loopback test'],
]);

/** `LLDP` for 0x88cc; undefined for one without a word here. */
export function ethernetWord(type: number): string | undefined {
  return WORDS.get(type);
}

export class Ethernet implements Header {
  readonly kind = 'ethernet';
  readonly start: number;
  readonly end: number;
  readonly type: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number, type: number) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + ETHERNET_AT.end;
    this.type = type;
  }

  get destination(): string {
    return macText(this.bytes, this.start + ETHERNET_AT.destination);
  }

  get source(): string {
    return macText(this.bytes, this.start + ETHERNET_AT.source);
  }
}

/** The trouble of a frame that is too short for the header; undefined otherwise. */
export function shortEthernet(bytes: Uint8Array): Trouble | undefined {
  return bytes.length < ETHERNET_AT.end ? short('ethernet', 0, ETHERNET_AT.end, bytes.length) : undefined;
}

/** The type in the header itself: a tag's where there is one. */
export function ethernetType(bytes: Uint8Array): number {
  return uint16(bytes, ETHERNET_AT.type);
}

/** IEEE 802.2 logical link control, and SNAP (RFC 1042): the protocol of a frame with a length in place of a type. */
import type { Header } from '../header.ts';
import { uint16 } from '../integer.ts';
import { short, type Trouble } from '../trouble.ts';

/** IEEE 802.2, with SNAP where both access points are 0xaa. */
export interface Llc extends Header {
  readonly kind: 'llc';
  readonly dsap: number;
  readonly ssap: number;
  readonly control: number;
  /** SNAP: the organisation, and its protocol; an Ethernet type where the organisation is 0. */
  readonly oui?: number;
  readonly protocol?: number;
}

export const SAP_STP = 0x42;
export const SAP_IP = 0x06;
const SAP_SNAP = 0xaa;
const UNNUMBERED = 3;
const SMALLEST = 3;
/** Where the fields lie, the last two of SNAP: bytes from the header’s first. */
export const LLC_AT = { dsap: 0, ssap: 1, control: 2, oui: 3, protocol: 6, end: 8 } as const;

/** Common access points and protocols of SNAP. */
const SAPS: ReadonlyMap<number, string> = new Map([
  [0x00, 'null'],
  [SAP_IP, 'IP'],
  [SAP_STP, 'STP'],
  [SAP_SNAP, 'SNAP'],
  [0xe0, 'IPX'],
  [0xf0, 'NetBIOS'],
  [0xfe, 'IS-IS'],
]);
const CISCO = 0x00000c;
const CISCO_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [0x010b, 'PVST+'],
  [0x0104, 'PAgP'],
  [0x0111, 'UDLD'],
  [0x2000, 'CDP'],
  [0x2003, 'VTP'],
  [0x2004, 'DTP'],
]);

/** `LLC NetBIOS`, `CDP`, `SNAP 00:80:c2 0x0007`. */
export function llcWord({ dsap, oui, protocol = 0 }: Llc): string {
  if (oui === undefined) return `LLC ${SAPS.get(dsap) ?? `0x${hex(dsap, 2)}`}`;
  const known = oui === CISCO ? CISCO_PROTOCOLS.get(protocol) : undefined;
  const organisation = hex(oui, 6).replace(/..(?=.)/g, '$&:');
  return known ?? `SNAP ${organisation} 0x${hex(protocol, 4)}`;
}

/** An unnumbered frame has one byte of control, any other two. */
export function openLlc(bytes: Uint8Array, start: number, end: number): Llc | Trouble {
  if (end - start < SMALLEST) return short('llc', start, SMALLEST, end);
  const dsap = bytes[start + LLC_AT.dsap]!;
  const ssap = bytes[start + LLC_AT.ssap]!;
  const control = bytes[start + LLC_AT.control]!;
  const plain = { kind: 'llc', start, dsap, ssap, control } as const;
  if (dsap !== SAP_SNAP || ssap !== SAP_SNAP || control !== UNNUMBERED) {
    const length = (control & UNNUMBERED) === UNNUMBERED ? SMALLEST : SMALLEST + 1;
    return end - start < length ? short('llc', start, length, end) : { ...plain, end: start + length };
  }
  if (end - start < LLC_AT.end) return short('llc', start, LLC_AT.end, end);
  const oui = (bytes[start + LLC_AT.oui]! << 16) | uint16(bytes, start + LLC_AT.oui + 1);
  return { ...plain, end: start + LLC_AT.end, oui, protocol: uint16(bytes, start + LLC_AT.protocol) };
}

/** The Ethernet type of the content; undefined where the organisation has types of its own. */
export function snapType({ oui, protocol }: Llc): number | undefined {
  return oui === 0 ? protocol : undefined;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

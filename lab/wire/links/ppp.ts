/** PPP (RFC 1661, RFC 1662), and PPP in Ethernet (RFC 2516): the messages that begin sessions, and their content. */
import { TYPE_IPV4, TYPE_IPV6 } from '../ethernet.ts';
import type { Header } from '../header.ts';
import { uint16 } from '../integer.ts';
import { broken, short, type Trouble } from '../trouble.ts';

/** The header of RFC 1661, in the framing of RFC 1662 where the address and control bytes are there. */
export interface Ppp extends Header {
  readonly kind: 'ppp';
  readonly protocol: number;
}

/** The header of RFC 2516. */
export interface Pppoe extends Header {
  readonly kind: 'pppoe';
  /** 0 in a session; 9 PADI, 7 PADO, 0x19 PADR, 0x65 PADS, 0xa7 PADT. */
  readonly code: number;
  readonly session: number;
  readonly length: number;
}

export const TYPE_PPPOE_DISCOVERY = 0x8863;
export const TYPE_PPPOE_SESSION = 0x8864;
/** Where the fields lie: bytes from the header’s first. */
export const PPPOE_AT = { version: 0, code: 1, session: 2, length: 4, end: 6 } as const;
const PPPOE_VERSION = 0x11;
/** The address and control bytes in the framing of HDLC: all stations, unnumbered information. */
const ADDRESS_CONTROL = 0xff03;

const [IPV4, IPV6] = [0x21, 0x57];
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [IPV4, 'IPv4'],
  [IPV6, 'IPv6'],
  [0x8021, 'IPCP'],
  [0x8057, 'IPV6CP'],
  [0x80fd, 'CCP'],
  [0xc021, 'LCP'],
  [0xc023, 'PAP'],
  [0xc025, 'LQR'],
  [0xc223, 'CHAP'],
]);
const CODES: ReadonlyMap<number, string> = new Map([
  [0x09, 'PADI'],
  [0x07, 'PADO'],
  [0x19, 'PADR'],
  [0x65, 'PADS'],
  [0xa7, 'PADT'],
]);

/** `LCP`, `PPP 0x0281`. */
export function pppWord({ protocol }: Ppp): string {
  return PROTOCOLS.get(protocol) ?? `PPP 0x${protocol.toString(16).padStart(4, '0')}`;
}

/** `PADI`, `PPPoE session 17`. */
export function pppoeWord({ code, session }: Pppoe): string {
  if (code === 0) return `PPPoE session ${session}`;
  return CODES.get(code) ?? `PPPoE code ${code}`;
}

/** A number of one byte is odd (RFC 1661 section 6.5); address and control may be left out (section 6.6). */
export function openPpp(bytes: Uint8Array, start: number, end: number): Ppp | Trouble {
  if (end - start < 1) return short('ppp', start, 1, end);
  const framed = end - start >= 2 && uint16(bytes, start) === ADDRESS_CONTROL;
  const at = framed ? start + 2 : start;
  const length = (bytes[at] ?? 0) & 1 ? 1 : 2;
  if (end - at < length) return short('ppp', start, at + length - start, end);
  return { kind: 'ppp', start, end: at + length, protocol: length === 1 ? bytes[at]! : uint16(bytes, at) };
}

export function pppType({ protocol }: Ppp): number | undefined {
  if (protocol === IPV4) return TYPE_IPV4;
  return protocol === IPV6 ? TYPE_IPV6 : undefined;
}

export function openPppoe(bytes: Uint8Array, start: number, end: number): Pppoe | Trouble {
  if (end - start < PPPOE_AT.end) return short('pppoe', start, PPPOE_AT.end, end);
  if (bytes[start] !== PPPOE_VERSION) {
    const found = bytes[start]!.toString(16).padStart(2, '0');
    return broken('pppoe', start, `version 1 and type 1, 0x11: it says 0x${found}`);
  }
  return {
    kind: 'pppoe',
    start,
    end: start + PPPOE_AT.end,
    code: bytes[start + PPPOE_AT.code]!,
    session: uint16(bytes, start + PPPOE_AT.session),
    length: uint16(bytes, start + PPPOE_AT.length),
  };
}

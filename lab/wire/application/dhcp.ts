/** DHCP: the message of RFC 2131 section 2 and the options of RFC 2132 that a lab uses. */
import { uint32 } from '../integer.ts';
import { printable } from './text.ts';

const XID = 4;
const YOUR_ADDRESS = 16;
const RELAY = 24;
const CARD = 28;
/** The offset of the bytes 99, 130, 83, 99 before the options (RFC 2131 section 3). */
const COOKIE = 236;
const MAGIC = 0x63825363;
const [PAD, END] = [0, 255];

/** RFC 2132 section 9.6, by number from 1. */
export const DHCP_TYPES = [
  'DISCOVER',
  'OFFER',
  'REQUEST',
  'DECLINE',
  'ACK',
  'NAK',
  'RELEASE',
  'INFORM',
] as const;
export type DhcpType = (typeof DHCP_TYPES)[number];

const [ROUTER, DNS, HOSTNAME, DOMAIN, ASKS, LEASE, TYPE, SERVER, ROUTES] = [
  3, 6, 12, 15, 50, 51, 53, 54, 121,
];

export interface Dhcp {
  type: DhcpType;
  /** The same in question and answer. */
  xid: number;
  /** The client's MAC address. */
  mac: string;
  /** The address that the server gives (`yiaddr`). */
  gives?: string;
  /** The address that the client asks for (option 50). */
  asks?: string;
  server?: string;
  /** The relay that handed it on, by its address on the client's network (`giaddr`). */
  relay?: string;
  routers: string[];
  resolvers: string[];
  /** `10.50.2.0/24 via 10.50.1.1` (RFC 3442). */
  routes: string[];
  hostname?: string;
  domain?: string;
  /** Seconds. */
  lease?: number;
}

/** Undefined where the bytes are not a DHCP message; broken options are left out. */
export function readDhcp(bytes: Uint8Array): Dhcp | undefined {
  if (bytes.length < COOKIE + 4 || uint32(bytes, COOKIE) !== MAGIC) return undefined;
  const options = readOptions(bytes);
  const type = DHCP_TYPES[(options.get(TYPE)?.[0] ?? 0) - 1];
  if (type === undefined) return undefined;
  const addresses = (code: number) => addressesIn(options.get(code));
  const text = (code: number) => {
    const found = options.get(code);
    return found && printable(found);
  };
  const given = {
    gives: filledIn(bytes, YOUR_ADDRESS),
    relay: filledIn(bytes, RELAY),
    asks: addresses(ASKS)[0],
    server: addresses(SERVER)[0],
    hostname: text(HOSTNAME),
    domain: text(DOMAIN),
    lease: options.get(LEASE)?.length === 4 ? uint32(options.get(LEASE)!, 0) : undefined,
  };
  return {
    ...{ type, xid: uint32(bytes, XID), mac: macAt(bytes, CARD) },
    ...{ routers: addresses(ROUTER), resolvers: addresses(DNS), routes: routesIn(options.get(ROUTES)) },
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<Dhcp>),
  };
}

/** The options by their codes. The parts of an option in several parts are joined (RFC 3396). */
function readOptions(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = COOKIE + 4; at < bytes.length && bytes[at] !== END; ) {
    const code = bytes[at]!;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const end = at + 2 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) break;
    const before = options.get(code) ?? [];
    options.set(code, Uint8Array.from([...before, ...bytes.subarray(at + 2, end)]));
    at = end;
  }
  return options;
}

function address(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 4).join('.');
}

function filledIn(bytes: Uint8Array, at: number): string | undefined {
  const found = address(bytes, at);
  return found === '0.0.0.0' ? undefined : found;
}

function addressesIn(bytes: Uint8Array | undefined): string[] {
  if (!bytes || bytes.length % 4 !== 0) return [];
  return Array.from({ length: bytes.length / 4 }, (_, index) => address(bytes, 4 * index));
}

function macAt(bytes: Uint8Array, at: number): string {
  return Array.from(bytes.subarray(at, at + 6), (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Routes: each is the length of a prefix, as many octets as the prefix needs, and the router. */
function routesIn(bytes: Uint8Array = new Uint8Array()): string[] {
  const routes: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const prefix = bytes[at]!;
    const octets = Math.ceil(prefix / 8);
    const end = at + 1 + octets + 4;
    if (prefix > 32 || end > bytes.length) break;
    const to = [...bytes.subarray(at + 1, at + 1 + octets), 0, 0, 0, 0].slice(0, 4).join('.');
    routes.push(`${prefix === 0 ? 'default' : `${to}/${prefix}`} via ${address(bytes, at + 1 + octets)}`);
    at = end;
  }
  return routes;
}

/** `DHCP OFFER 10.50.1.2 xid=0x1f2e3d4c server 10.50.1.1 router 10.50.1.1 lease 3600 s` */
export function describeDhcp(bytes: Uint8Array): string | undefined {
  const found = readDhcp(bytes);
  if (!found) return undefined;
  const { type, xid, gives, asks, server, relay, routers, resolvers, routes, hostname, domain, lease } =
    found;
  const said = (word: string, value: string | undefined) => (value ? [`${word} ${value}`] : []);
  return [
    `DHCP ${type}`,
    ...(gives ? [gives] : []),
    `xid=0x${xid.toString(16).padStart(8, '0')}`,
    ...said('asks', asks),
    ...said('server', server),
    ...said('relay', relay),
    ...said('router', routers.join(' ')),
    ...said('routes', routes.join(' and ')),
    ...said('dns', resolvers.join(' ')),
    ...said('domain', domain),
    ...said('name', hostname),
    ...said('lease', lease === undefined ? undefined : `${lease} s`),
  ].join(' ');
}

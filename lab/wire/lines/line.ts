/**
 * One frame as a scenario writes it, read: `tcp alice > echo SYN ttl=64`. It says how a frame must be, with the names
 * of hosts. A field that is not in the line may have any value: match.ts compares a line with a frame. The file read.ts
 * makes a line from text, print.ts text from a line, and line-of-frame.ts a line from a frame.
 */

import type { Membership } from '../igmp.ts';

/** The frames that a line is about: those with this layer; `ip` is both versions, `frame` every frame. */
export const PROTOCOLS = [
  'arp',
  'icmp',
  'icmpv6',
  'igmp',
  'udp',
  'tcp',
  'dhcp',
  'dns',
  'http',
  'irc',
  'tls',
  'ip',
  'frame',
] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** A sender or a receiver. For `arp`, `dhcp` and `frame` it is a card, by its MAC; for the others an address. */
export type Party =
  | { kind: 'any' }
  /** Any of a host's cards or addresses; with `network`, the one on its cable there. */
  | { kind: 'host'; host: string; network?: string }
  /** IPv4 or IPv6 (in the form of RFC 5952). */
  | { kind: 'address'; address: string }
  /** Lower case. */
  | { kind: 'mac'; mac: string }
  | { kind: 'broadcast' }
  | { kind: 'multicast' };

export interface End {
  party: Party;
  port?: number;
}

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** A test of a number. `relative` counts from the initial sequence number of its side. */
export type NumberTest = { relative: boolean } & (
  | { test: Comparison; value: number }
  | { test: '..'; from: number; to: number }
);

/** Fields whose value is a number. */
export const NUMBERS = ['ttl', 'len', 'id', 'vlan', 'win', 'seq', 'ack', 'mss', 'lease', 'dscp'] as const;
export type NumberField = (typeof NUMBERS)[number];

/** Fields that are true or not: `df`, `fragment=no`. */
export const SWITCHES = ['df', 'fragment', 'retransmission'] as const;
export type SwitchField = (typeof SWITCHES)[number];

/** Fields whose value is an address in a message of DHCP or DNS. */
export const ADDRESSES = ['gives', 'asks', 'server', 'relay', 'router', 'dns'] as const;
export type AddressField = (typeof ADDRESSES)[number];

/** Fields whose value is a card. */
export const CARDS = ['mac', 'from_mac'] as const;
export type CardField = (typeof CARDS)[number];

export type Field =
  | { field: NumberField; number: NumberTest }
  | { field: SwitchField; is: boolean }
  | { field: CardField; card: Party }
  | { field: AddressField; whom: Party }
  /** The name that is asked for, of DNS or of a server of TLS. */
  | { field: 'name'; text: string }
  /** The path that a request of HTTP asks for, with its query. */
  | { field: 'path'; text: string }
  /** The first parameter of a line of IRC: a room or a person. */
  | { field: 'to'; text: string }
  /** The last parameter of a line of IRC. */
  | { field: 'says'; text: string }
  /** The payload is exactly this text in UTF-8. */
  | { field: 'text'; text: string }
  | { field: 'checksum'; right: boolean };

export type FieldName = Field['field'];

/** The word between the ends and the fields, which says more of the frame than its protocol. */
export type Word =
  | { word: 'who-has'; whom: Party }
  | { word: 'is-at'; card?: Party }
  /** A message of IGMP about a group, or about any group. */
  | { word: Membership; group?: Party }
  /** A kind of message, of ICMP, ICMPv6, DHCP, DNS, HTTP, IRC or TLS: `port-unreachable`, `OFFER`, `GET`, `404`, `JOIN`. */
  | { word: 'message'; message: string }
  /** Bits of the TCP header: SYN, FIN, RST and ACK exactly as here, the others at least those here. */
  | { word: 'flags'; flags: number };

export interface Line {
  protocol: Protocol;
  source: End;
  destination: End;
  word?: Word;
  /** In the order written, each at most once. */
  fields: Field[];
}

const ANY: readonly Protocol[] = PROTOCOLS;
const IP: readonly Protocol[] = PROTOCOLS.filter((protocol) => protocol !== 'arp' && protocol !== 'frame');

/** Which fields go with which protocols. */
const GOES_WITH: Record<FieldName, readonly Protocol[]> = {
  ttl: IP,
  len: ANY,
  id: IP,
  vlan: ANY,
  win: ['tcp'],
  seq: ['tcp', 'icmp', 'icmpv6'],
  ack: ['tcp'],
  mss: ['tcp'],
  lease: ['dhcp'],
  df: IP,
  dscp: IP,
  fragment: IP,
  retransmission: ['tcp', 'http', 'irc', 'tls'],
  mac: ANY,
  from_mac: ANY,
  gives: ['dhcp', 'dns'],
  asks: ['dhcp'],
  server: ['dhcp'],
  relay: ['dhcp'],
  router: ['dhcp'],
  dns: ['dhcp'],
  name: ['dns', 'tls'],
  path: ['http'],
  to: ['irc'],
  says: ['irc'],
  text: ANY,
  checksum: IP,
};

export const FIELDS = Object.keys(GOES_WITH) as FieldName[];

export function fieldsOf(protocol: Protocol): FieldName[] {
  return FIELDS.filter((field) => GOES_WITH[field].includes(protocol));
}

export function protocolsOf(field: FieldName): readonly Protocol[] {
  return GOES_WITH[field];
}

/**
 * The ends of ARP and of bare frames are cards, and those of DHCP, whose clients have no address yet. The ends of all
 * other protocols are addresses.
 */
export function isBetweenCards(protocol: Protocol): boolean {
  return protocol === 'arp' || protocol === 'dhcp' || protocol === 'frame';
}

export function hasPorts(protocol: Protocol): boolean {
  return protocol === 'udp' || transportOf(protocol) === 'tcp';
}

/** The protocol whose ports the ends of a line have. */
export function transportOf(protocol: Protocol): Protocol {
  return protocol === 'http' || protocol === 'irc' || protocol === 'tls' ? 'tcp' : protocol;
}

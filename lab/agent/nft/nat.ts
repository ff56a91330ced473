/**
 * Network address translation of IPv4 as nftables rules, in a table of our own. The kernel's own (`masquerade`) keeps the
 * port where that is free for this destination, so two hosts inside may be given the same one for two destinations.
 * A kind of RFC 4787 promises more: what was given out is remembered in two maps, there and back, and who sends
 * again is given the same; that the maps hold is what connection tracking chose.
 */
export const NAT_TABLE = 'inet lanlab_nat';

/** What leaves by one card gets its address (RFC 4787). */
export interface NatSetup {
  /** `eth1` */
  outside: string;
  /** Of that card. */
  address: string;
  /** To whom an outside port is good; absent: as the kernel does it by itself. */
  kind?: 'endpoint-independent' | 'address-dependent' | 'symmetric';
  ports: { transport: 'tcp' | 'udp'; port: number; to: string; toPort: number }[];
}

/** RFC 4787 section 4.3, REQ-5: a mapping lasts two minutes at least, five are recommended; sending refreshes it (REQ-6). */
const LASTS = '5m';

const PORTS = 'meta l4proto { tcp, udp }';
/** IPv6 goes through as it is. */
const FOUR = 'meta nfproto ipv4';

/** The inside of the table, a line an item. */
export function compileNat({ outside, address, kind, ports }: NatSetup): string[] {
  const remembered = rememberedBy(kind, outside, address);
  const leaving = `oifname "${outside}"`;
  return [
    ...(remembered?.maps ?? []),
    'chain arriving {',
    '  type nat hook prerouting priority dstnat; policy accept;',
    ...ports.map(
      ({ transport, port, to, toPort }) =>
        `  ip daddr ${address} ${transport} dport ${port} dnat ip to ${to}:${toPort}`,
    ),
    ...(remembered?.arriving ?? []),
    '}',
    'chain leaving {',
    '  type nat hook postrouting priority srcnat; policy accept;',
    // From inside to a forwarded port and back inside: the answer must come by the router too (REQ-9).
    `  ${FOUR} oifname != "${outside}" iifname != "${outside}" ct status dnat snat ip to ${address}`,
    ...(remembered?.leaving ?? []),
    `  ${FOUR} ${leaving} masquerade${kind === 'address-dependent' || kind === 'symmetric' ? ' fully-random' : ''}`,
    '}',
    ...(remembered?.learning ?? []),
  ];
}

interface Remembered {
  maps: string[];
  arriving: string[];
  leaving: string[];
  learning: string[];
}

function rememberedBy(kind: NatSetup['kind'], outside: string, address: string): Remembered | undefined {
  if (kind === undefined) return portsInUse(outside, address);
  return kind === 'symmetric' ? undefined : mapsOf(kind, outside, address);
}

/**
 * The kernel's own mapping, and a filter before it: what comes to a port that somebody inside has, from a peer that he has
 * not sent to, is dropped. The router would answer it, and from then on know the peer as its own: who is inside would get
 * another port for him, and two such NATs could not be punched (RFC 4787 section 5, RFC 5128 section 3.3).
 */
function portsInUse(outside: string, address: string): Remembered {
  return {
    maps: [`set in_use { type inet_proto . inet_service; flags dynamic,timeout; timeout ${LASTS}; }`],
    arriving: [],
    leaving: [],
    learning: [
      'chain learning {',
      '  type filter hook postrouting priority srcnat + 1; policy accept;',
      `  ${FOUR} oifname "${outside}" ct status snat ct direction original ${PORTS} update @in_use { meta l4proto . th sport }`,
      '}',
      'chain unasked {',
      '  type filter hook input priority filter; policy accept;',
      `  iifname "${outside}" ip daddr ${address} ct state new ${PORTS} meta l4proto . th dport @in_use drop`,
      '}',
    ],
  };
}

/** For each address of the other side apart where the kind depends on it. */
function mapsOf(
  kind: 'endpoint-independent' | 'address-dependent',
  outside: string,
  address: string,
): Remembered {
  const apart = kind === 'address-dependent';
  const type = apart ? ' . ipv4_addr' : '';
  const [from, to] = apart ? [' . ip saddr', ' . ip daddr'] : ['', ''];
  const options = `: ipv4_addr . inet_service; flags dynamic,timeout; timeout ${LASTS};`;
  const inside = 'ct original ip saddr . ct original proto-src';
  return {
    maps: [
      `map inward { type inet_proto . inet_service${type} ${options} }`,
      `map outward { type inet_proto . ipv4_addr . inet_service${type} ${options} }`,
    ],
    arriving: [`  ip daddr ${address} ${PORTS} dnat ip to meta l4proto . th dport${from} map @inward`],
    leaving: [
      `  ${FOUR} oifname "${outside}" ${PORTS} snat ip to meta l4proto . ip saddr . th sport${to} map @outward`,
      // What is another's already is not given out twice.
      `  ${FOUR} oifname "${outside}" ${PORTS} meta l4proto . th sport${to} @inward masquerade fully-random`,
    ],
    learning: [
      'chain learning {',
      '  type filter hook postrouting priority srcnat + 1; policy accept;',
      `  ${FOUR} oifname "${outside}" ct status snat ct direction original ${PORTS} update @inward { meta l4proto . th sport${to} : ${inside} } update @outward { meta l4proto . ${inside}${to} : ip saddr . th sport }`,
      '}',
    ],
  };
}

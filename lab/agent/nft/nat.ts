/**
 * Network address translation of IPv4 as nftables rules, in a table of our own. Connection tracking translates, and three
 * tables that it knows nothing of decide: which port a host inside is given (`outward`), whose a port outside is (`inward`),
 * and whom a host inside has sent to (`asked`). Each has as much of the other side in its keys as RFC 4787 says.
 */
export const NAT_TABLE = 'inet lanlab_nat';

/** RFC 4787 sections 4.1 and 5. */
export type Depends = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** What leaves by one card gets its address (RFC 4787). */
export interface NatSetup {
  /** `eth1` */
  outside: string;
  /** Of that card. */
  address: string;
  /** To whom an outside port is shown. */
  mapping: Depends;
  /** Whose packets it lets in. */
  filtering: Depends;
  /** A host inside can be reached from inside by its outside port (section 6). */
  hairpin?: true;
  /** Milliseconds that a mapping lasts after the last packet from inside (REQ-6). */
  timeout: number;
  /** The router itself is asked from outside like any other host. */
  answers?: true;
  ports: { transport: 'tcp' | 'udp'; port: number; to: string; toPort: number }[];
}

/** What a rule says of a packet that it drops because nobody inside has sent to its sender. */
export const NOBODY_ASKED = 'nat: nobody inside asked for it';

const PORTS = 'meta l4proto { tcp, udp }';
/** IPv6 goes through as it is. */
const FOUR = 'meta nfproto ipv4';

/** The inside of the table, a line an item. */
export function compileNat(nat: NatSetup): string[] {
  return [...tables(nat), ...arriving(nat), ...leaving(nat), ...learning(nat), ...filtering(nat)];
}

/** How much of the other side a key has: nothing, its address, its port too. */
function dependsOn(depends: Depends): 0 | 1 | 2 {
  if (depends === 'endpoint-independent') return 0;
  return depends === 'address-dependent' ? 1 : 2;
}

/** A part of a key, of as much of the other side as it has. */
function peer(count: number, address: string, port: string): string {
  return [address, port]
    .slice(0, count)
    .map((part) => ` . ${part}`)
    .join('');
}

/** A port outside belongs to a mapping as far as the filter does not ask for less. */
function inwardDependsOn({ mapping, filtering }: NatSetup): number {
  return Math.min(dependsOn(mapping), dependsOn(filtering));
}

/** A mapping for one address and port is one connection's, which connection tracking remembers by itself. */
function remembers({ mapping }: NatSetup): boolean {
  return mapping !== 'address-and-port-dependent';
}

function tables(nat: NatSetup): string[] {
  const options = `flags dynamic,timeout; timeout ${nat.timeout}ms;`;
  const type = (depends: number) => peer(depends, 'ipv4_addr', 'inet_service');
  const end = 'ipv4_addr . inet_service';
  return [
    ...(remembers(nat)
      ? [`map outward { type inet_proto . ${end}${type(dependsOn(nat.mapping))} : ${end}; ${options} }`]
      : []),
    `map inward { type inet_proto . inet_service${type(inwardDependsOn(nat))} : ${end}; ${options} }`,
    `set asked { type inet_proto . ${end}${type(dependsOn(nat.filtering))}; ${options} }`,
  ];
}

function arriving(nat: NatSetup): string[] {
  const { address, outside, ports, hairpin } = nat;
  const from = hairpin ? '' : `iifname "${outside}" `;
  const port = `meta l4proto . th dport${peer(inwardDependsOn(nat), 'ip saddr', 'th sport')}`;
  return [
    'chain arriving {',
    '  type nat hook prerouting priority dstnat; policy accept;',
    ...ports.map(
      ({ transport, port: number, to, toPort }) =>
        `  ip daddr ${address} ${transport} dport ${number} dnat ip to ${to}:${toPort}`,
    ),
    `  ${from}ip daddr ${address} ${PORTS} dnat ip to ${port} map @inward`,
    '}',
  ];
}

function leaving(nat: NatSetup): string[] {
  const { outside, address } = nat;
  const depends = dependsOn(nat.mapping);
  const inside = `meta l4proto . ip saddr . th sport${peer(depends, 'ct original ip daddr', 'ct original proto-dst')}`;
  // From inside to a port outside and back inside: the answer must come by the router too (REQ-9).
  const back = `${FOUR} oifname != "${outside}" iifname != "${outside}" ct status dnat`;
  const out = `${FOUR} oifname "${outside}"`;
  // The port of the inside is kept, unless it is another's already, or each peer is to be shown another.
  const fresh = depends === 0 ? `${PORTS} meta l4proto . th sport @inward ` : '';
  return [
    'chain leaving {',
    '  type nat hook postrouting priority srcnat; policy accept;',
    ...(remembers(nat)
      ? [back, out].map((which) => `  ${which} ${PORTS} snat ip to ${inside} map @outward`)
      : []),
    `  ${back} ${fresh}snat ip to ${address} fully-random`,
    `  ${back} snat ip to ${address}`,
    `  ${out} ${fresh}masquerade fully-random`,
    `  ${out} masquerade`,
    '}',
  ];
}

/** What connection tracking chose is kept, and every packet from inside keeps it for longer (REQ-6). */
function learning(nat: NatSetup): string[] {
  const { outside, address, mapping, filtering } = nat;
  const key = (depends: number) => peer(depends, 'ct original ip daddr', 'ct original proto-dst');
  const [outward, inward, asked] = [dependsOn(mapping), inwardDependsOn(nat), dependsOn(filtering)];
  const owner = 'ct original ip saddr . ct original proto-src';
  const answerer = 'ct reply ip saddr . ct reply proto-src';
  const port = `meta l4proto . th sport${peer(inward, 'ip daddr', 'th dport')}`;
  const also = (inside: string, other: string) =>
    remembers(nat) ? ` update @outward { meta l4proto . ${inside}${other} : ip saddr . th sport }` : '';
  const sender = 'meta l4proto . ip saddr . th sport';
  return [
    'chain learning {',
    '  type filter hook postrouting priority srcnat + 1; policy accept;',
    `  ${FOUR} iifname != "${outside}" ct status snat ct direction original ${PORTS} update @inward { meta l4proto . th sport${key(inward)} : ${owner} }${also(owner, key(outward))}`,
    // Who was let in to a port is answered from it.
    `  ${FOUR} oifname "${outside}" ct status dnat ct direction reply ${PORTS} ${port} @inward update @inward { ${port} : ${answerer} }${also(answerer, peer(outward, 'ip daddr', 'th dport'))}`,
    '}',
    'chain asking {',
    '  type filter hook forward priority filter + 1; policy accept;',
    `  ${FOUR} oifname "${outside}" ${PORTS} update @asked { ${sender}${peer(asked, 'ip daddr', 'th dport')} }`,
    '}',
    ...(nat.hairpin
      ? [
          'chain asking_back {',
          '  type filter hook prerouting priority dstnat - 1; policy accept;',
          `  ${FOUR} iifname != "${outside}" ip daddr ${address} ${PORTS} update @asked { ${sender}${peer(asked, 'ip daddr', 'th dport')} }`,
          '}',
        ]
      : []),
  ];
}

/** What comes to a port that somebody inside has is dropped, unless he has sent to its sender; a TCP connection has begun. */
function filtering({ outside, filtering, hairpin, ports }: NatSetup): string[] {
  const forwarded = ports.map(({ transport, port }) => `${transport} . ${port}`).join(', ');
  const key = `meta l4proto . ip daddr . th dport${peer(dependsOn(filtering), 'ip saddr', 'th sport')}`;
  const drop = `${key} != @asked drop comment "${NOBODY_ASKED}"`;
  return [
    'chain filtering {',
    '  type filter hook postrouting priority srcnat + 2; policy accept;',
    '  meta l4proto tcp ct state established,related accept',
    ...(forwarded
      ? [`  ct status dnat ${PORTS} meta l4proto . ct original proto-dst { ${forwarded} } accept`]
      : []),
    `  ${FOUR} iifname "${outside}" oifname != "${outside}" ${PORTS} ${drop}`,
    ...(hairpin
      ? [`  ${FOUR} iifname != "${outside}" oifname != "${outside}" ct status dnat ${PORTS} ${drop}`]
      : []),
    '}',
  ];
}

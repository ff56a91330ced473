/**
 * Network address translation of IPv4 as nftables rules, in a table of our own. Connection tracking translates. Three tables
 * that it does not know decide. `outward`: the port that a host inside is given. `inward`: the host that has a port outside.
 * `asked`: the peers that a host inside has sent to. Their keys have as much of the other side as RFC 4787 says.
 */
export const NAT_TABLE = 'inet lanlab_nat';

/** RFC 4787 sections 4.1 and 5. */
export type Depends = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** A NAT: packets that leave by one card get the address of this card (RFC 4787). */
export interface NatSetup {
  /** `eth1` */
  outside: string;
  /** The address of that card. */
  address: string;
  /** The part of the other side that an outside port depends on. */
  mapping: Depends;
  /** The part of the other side that decides whether its packets are let in. */
  filtering: Depends;
  /** A host inside can be reached from inside by its outside port (section 6). */
  hairpin?: true;
  /** Milliseconds that a mapping lasts after the last packet from inside (REQ-6). */
  timeout: number;
  /** The router itself answers from outside, like any other host. */
  answers?: true;
  ports: { transport: 'tcp' | 'udp'; port: number; to: string; toPort: number }[];
}

/** The comment of a rule that drops a packet because nobody inside has sent to its sender. */
export const NOBODY_ASKED = 'nat: nobody inside asked for it';

const PORTS = 'meta l4proto { tcp, udp }';
/** IPv6 passes untranslated. */
const FOUR = 'meta nfproto ipv4';

/** The inside of the table, one item a line. */
export function compileNat(nat: NatSetup): string[] {
  return [...tables(nat), ...arriving(nat), ...leaving(nat), ...learning(nat), ...filtering(nat)];
}

/** How much of the other side a key has: nothing, its address, or its port too. */
function dependsOn(depends: Depends): 0 | 1 | 2 {
  if (depends === 'endpoint-independent') return 0;
  return depends === 'address-dependent' ? 1 : 2;
}

/** The end of a key: the part of the other side that it has. */
function peer(count: number, address: string, port: string): string {
  return [address, port]
    .slice(0, count)
    .map((part) => ` . ${part}`)
    .join('');
}

/** How much of the other side the key of an outside port has: the lesser of what mapping and filter ask for. */
function inwardDependsOn({ mapping, filtering }: NatSetup): number {
  return Math.min(dependsOn(mapping), dependsOn(filtering));
}

/** Whether our tables keep a mapping. One for a single address and port is one connection's: connection tracking remembers it. */
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
  // A packet from inside to a port outside and back inside: the answer must come by the router too (REQ-9).
  const back = `${FOUR} oifname != "${outside}" iifname != "${outside}" ct status dnat`;
  const out = `${FOUR} oifname "${outside}"`;
  // The port of the host inside is kept, unless another host has it already, or each peer must see another port.
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

/** Keeps the ports that connection tracking chose. Every packet from inside keeps them for longer (REQ-6). */
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
    // A peer that was let in to a port gets its answers from this port.
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

/** Drops packets to a port of a host inside, unless this host has sent to their sender. TCP connections that have begun pass. */
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

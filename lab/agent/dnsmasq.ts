/**
 * The configuration of dnsmasq: one server for all addresses that a host hands out or relays, and one for the names of each
 * network. It asks nobody outside. Pure.
 */
export interface Resolver {
  address: string;
  /** The domain in which bare names are looked up. */
  domain?: string;
}

/** A server of the addresses in `pools`, of `names`, or of both; or a relay, which hands on what is asked (RFC 1542). */
export interface ServingSetup {
  /** Networks that lack something when it ends. */
  networks: string[];
  /** `eth0`: where its clients are, or the relays that ask for them. */
  cards: string[];
  pools?: Pool[];
  names?: { address: string; names: string[] }[];
  relays?: { address: string; server: string }[];
}

/** The addresses of one network: on the card, or behind a relay. */
interface Pool {
  /** The network's own address, its prefix and broadcast address. */
  first: string;
  prefix: number;
  broadcast?: string;
  /** The addresses for every client, each for so many seconds. */
  range?: { from: string; to: string };
  seconds: number;
  /** `seconds` and all else where the host is to learn it so. */
  leases: ({ mac: string; address: string } & Partial<LeaseTerms>)[];
}

export interface LeaseTerms {
  seconds: number;
  router?: string;
  /** All routes, where a router is not enough; `default` among them. */
  routes: { to: string; via: string }[];
  resolver?: Resolver;
}

/**
 * In the foreground, and as the user that starts it: where one single user id is mapped it could not become another. The
 * configuration comes on standard input, so that the machine's own is not read, and nothing is written.
 */
export const DNSMASQ = ['dnsmasq', '--no-daemon', '--conf-file=-'];

export function compileDnsmasq({ cards, pools, names, relays }: ServingSetup): string {
  return [
    // For these cards alone: other programs may serve the other cards of this host.
    'bind-interfaces',
    ...cards.map((card) => `interface=${card}`),
    'except-interface=lo',
    'log-facility=-',
    ...(names ? nameServer(names) : ['port=0']),
    ...(pools ? addressServer(pools) : []),
    ...(relays ?? []).map(({ address, server }) => `dhcp-relay=${address},${server}`),
    '',
  ].join('\n');
}

/** A name that it does not know does not exist (NXDOMAIN). It reads no hosts file, and asks no other server. */
function nameServer(names: NonNullable<ServingSetup['names']>): string[] {
  const records = names.map((record) => `host-record=${[...record.names, record.address].join(',')}`);
  return ['no-hosts', 'no-resolv', 'no-poll', 'server=/#/', ...records];
}

/** Without a range a card that the lab does not know gets nothing. Leases are not kept on a disk. */
function addressServer(pools: readonly Pool[]): string[] {
  const reserved = pools.flatMap(({ leases }) => leases);
  return [
    'dhcp-authoritative',
    'leasefile-ro',
    'no-ping',
    'dhcp-ignore-names',
    ...pools.map(rangeOf),
    // Without these lines dnsmasq would name itself: router and name server are those of the reservation.
    'dhcp-option=option:router',
    'dhcp-option=option:dns-server',
    ...reserved.flatMap(({ mac, address, seconds, routes = [], ...terms }, index) => [
      `dhcp-host=${[mac, `set:h${index}`, address, ...(seconds === undefined ? [] : [seconds])].join(',')}`,
      ...options(`h${index}`, { routes, ...terms }),
    ]),
  ];
}

/** An address that is reserved is nobody else's, inside the range too. */
function rangeOf({ first, prefix, broadcast, range, seconds }: Pool): string {
  const network = [maskOf(prefix), ...(broadcast === undefined ? [] : [broadcast])];
  const addresses = range ? [range.from, range.to, ...network, seconds] : [first, 'static', ...network];
  return `dhcp-range=${addresses.join(',')}`;
}

/** Options 3, 6 and 15 of RFC 2132, and 121 (RFC 3442: the client then takes its default route from there). */
function options(tag: string, { router, routes, resolver }: Omit<LeaseTerms, 'seconds'>): string[] {
  const option = (name: string, ...values: string[]) =>
    `dhcp-option=tag:${tag},${[name, ...values].join(',')}`;
  const pairs = routes.flatMap(({ to, via }) => [to === 'default' ? '0.0.0.0/0' : to, via]);
  return [
    ...(router === undefined ? [] : [option('option:router', router)]),
    ...(routes.length === 0 ? [] : [option('option:classless-static-route', ...pairs)]),
    ...(resolver ? [option('option:dns-server', resolver.address)] : []),
    ...(resolver?.domain === undefined ? [] : [option('option:domain-name', resolver.domain)]),
  ];
}

/** `255.255.255.0` of 24. */
export function maskOf(prefix: number): string {
  const bits = prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/** The configuration of dnsmasq: one server a network, for its addresses, its names, or both; it asks nobody outside. Pure. */
export interface Resolver {
  address: string;
  /** The domain in which bare names are looked up. */
  domain?: string;
}

/** A server for one network: of its addresses where there are `leases`, of its names where there are `names`. */
export interface ServingSetup {
  network: string;
  /** `eth0` */
  card: string;
  /** The network's own address, its prefix and (of IPv4) broadcast address. */
  first: string;
  prefix: number;
  broadcast?: string;
  leases?: ({ mac: string; address: string } & LeaseTerms)[];
  names?: { address: string; names: string[] }[];
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

export function compileDnsmasq(serving: ServingSetup): string {
  const { card, leases, names } = serving;
  return [
    // For this card alone: other programs may serve the other cards of this host.
    'bind-interfaces',
    `interface=${card}`,
    'except-interface=lo',
    'log-facility=-',
    ...(names ? nameServer(names) : ['port=0']),
    ...(leases ? addressServer(serving, leases) : []),
    '',
  ].join('\n');
}

/** A name that it does not know does not exist (NXDOMAIN). It reads no hosts file, and asks no other server. */
function nameServer(names: NonNullable<ServingSetup['names']>): string[] {
  const records = names.map((record) => `host-record=${[...record.names, record.address].join(',')}`);
  return ['no-hosts', 'no-resolv', 'no-poll', 'server=/#/', ...records];
}

/** Reservations and no range: a card that the lab does not know gets nothing. Leases are not kept on a disk. */
function addressServer({ first, prefix, broadcast }: ServingSetup, leases: Reservations): string[] {
  return [
    'dhcp-authoritative',
    'leasefile-ro',
    'no-ping',
    'dhcp-ignore-names',
    `dhcp-range=${first},static,${maskOf(prefix)},${broadcast}`,
    // Without these lines dnsmasq would name itself: router and name server are those of the reservation.
    'dhcp-option=option:router',
    'dhcp-option=option:dns-server',
    ...leases.flatMap(({ mac, address, ...terms }, index) => [
      `dhcp-host=${mac},set:h${index},${address},${terms.seconds}`,
      ...options(`h${index}`, terms),
    ]),
  ];
}

type Reservations = NonNullable<ServingSetup['leases']>;

/** Options 3, 6 and 15 of RFC 2132, and 121 (RFC 3442: the client then takes its default route from there). */
function options(tag: string, { router, routes, resolver }: LeaseTerms): string[] {
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

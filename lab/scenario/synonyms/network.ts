/** Synonyms at a network: from compose, netplan, cloud consoles. */
import { IN_LINK } from './phrases.ts';
import type { Synonyms } from './synonym.ts';

export const network: Synonyms = {
  same: {
    subnet:
      'cidr ip ips address addresses prefix range net ipam ipv4 ipv6 subnets ipv4_subnet network ip_range',
    dhcp: 'dhcp4 dhcp_server dhcpd',
    dns: 'nameserver nameservers resolver resolvers dns_server dns_servers',
    internet: 'nat masquerade uplink outside external_access',
  },
  say: {
    'gateway gateway4 default_gateway gw router via default_route': ({ names }) =>
      `leave it out: the router is a host on the network with \`forward: true\`, and routes are worked out; at a host another is chosen (gateway: ${names.other})`,
    'driver driver_opts type kind attachable labels enable_ipv6 config': 'leave it out: the engine makes it',
    'internal external': 'leave it out: packets leave the lab only by a network with `internet: true`',
    name: 'leave it out: the key of the network is its name',
    'hosts nodes members endpoints': ({ names }) =>
      `write it at each host: ${names.host}: { networks: [${names.network}] }`,
    vlan: 'leave it out: each network is a LAN by itself',
    'routes static_routes': 'leave it out: routes are worked out',
    'delay latency loss jitter bandwidth rate netem speed shape duplicate corrupt reorder': IN_LINK,
  },
};

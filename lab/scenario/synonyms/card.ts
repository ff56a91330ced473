/** Synonyms at a host's card on a network: from compose, netplan. */
import { IN_LINK } from './phrases.ts';
import type { Synonyms } from './synonym.ts';

export const card: Synonyms = {
  same: {
    address: 'ip addr addresses ips ipv4 ipv6 ipv4_address ipv6_address ip_address static cidr',
    mac: 'mac_address macaddress hwaddr ether ethernet',
  },
  say: {
    'delay latency loss jitter bandwidth rate netem speed shape duplicate corrupt reorder': IN_LINK,
    'gateway gateway4 gw via': "the gateway is the host's: write `gateway` beside `networks`",
    'aliases alias name interface device': 'leave it out: cards are eth0, eth1… in the order of the networks',
    'priority metric': 'leave it out: lanlab gives routes no metric',
    'dhcp4 dhcp6': 'leave it out: without an address it asks a network with `dhcp` for one',
  },
};

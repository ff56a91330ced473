/** The setup of a host, and the part of it that changes when the host goes to another network. */
import type { Stage } from './cable/impairment.ts';
import type { LeaseTerms, Resolver } from './dnsmasq.ts';
import type { FirewallSetup } from './nft/firewall.ts';
import type { NatSetup } from './nft/nat.ts';

/** The setup of a host. */
export interface HostSetup {
  hostname: string;
  interfaces: {
    /** The name that the card gets: `eth0`, `eth1`… */
    name: string;
    /** The agent finds the engine's card by its MAC, whatever name the engine gave it. */
    mac: string;
    /** `broadcast` is IPv4's, and a /31 has none. */
    addresses: { address: string; prefix: number; broadcast?: string }[];
    /** The link-local address of a card that speaks IPv6, made from its MAC (RFC 4291 section 2.5.6). */
    linkLocal?: string;
    members: string[];
    /** Bytes of the largest packet. */
    mtu: number;
    /** Frames of others than the members are let in too, if they are IPv4 or ARP: the network leads out of the lab. */
    internet: boolean;
    /** The card's address comes by DHCP. */
    leased?: LeaseTerms;
    /** The host itself finishes checksums and cuts segments: its frames are impaired one by one. */
    wholeFrames?: true;
    /** The impairments of the card's cable from the beginning. */
    link?: Stage[];
  }[];
  /** Routes by cards that are not leased, and name servers. Other routes and name servers come with their leases. */
  routes: RouteSetup[];
  resolvers?: Resolver[];
  nat?: NatSetup;
  firewall?: FirewallSetup;
  hostsFile: string;
  /** Variables of the commands that are run on the host. */
  env?: Record<string, string>;
  sysctls: Record<string, string>;
}

/** A card that has come from one network to another, and the host's name servers there. */
export interface Readdressing {
  card: HostSetup['interfaces'][number];
  from: string;
  to: string;
  resolvers: Resolver[];
}

export interface RouteSetup {
  /** `10.50.2.0/24`, or `default` of the family that `via` is of. */
  to: string;
  via: string;
  interface: string;
}

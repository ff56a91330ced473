/** Settings of the kernel that every host starts with; a scenario's own come on top. */

import type { Family } from '../model/address.ts';

/**
 * These settings are the same on every machine: a new namespace inherits some of them from the machine. They keep a
 * host silent: nothing that the scenario did not ask for is to be on the wire.
 */
const ALWAYS: Readonly<Record<string, string>> = {
  // Programs run without privilege and still own the ports of known services.
  'net.ipv4.ip_unprivileged_port_start': '0',
};

const IPV4: Readonly<Record<string, string>> = {
  // This one is first, and accept_redirects is not here: the kernel resets accept_redirects at each write of ip_forward.
  'net.ipv4.ip_forward': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  // A host on two networks accepts packets from both cards.
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  // Every datagram to a closed port is answered, not six in thirty. A limit of zero would not do instead: after each
  // answer under it, a router says nothing for a second about addresses that it has no way to.
  'net.ipv4.icmp_ratemask': '0',
};

/** A router has these too. It sends no redirects, and it ignores the redirects of others. */
export const FORWARD: Readonly<Record<Family, string>> = {
  ipv4: 'net.ipv4.ip_forward',
  ipv6: 'net.ipv6.conf.all.forwarding',
};

/** No router solicitations, no duplicate address detection, no multicast listener reports. */
const WITHOUT_IPV6: Readonly<Record<string, string>> = {
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.default.disable_ipv6': '1',
};

/** A host with IPv6 sends only what the scenario asks for: its addresses and routes are the plan's. */
const WITH_IPV6: Readonly<Record<string, string>> = {
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.default.disable_ipv6': '0',
  // The link-local address is made of the MAC (EUI-64), so that the plan knows it.
  'net.ipv6.conf.default.addr_gen_mode': '0',
  // Nobody is asked whether an address is free (RFC 4862 section 5.4): the plan gives each once.
  'net.ipv6.conf.default.accept_dad': '0',
  'net.ipv6.conf.default.dad_transmits': '0',
  // The host does not look for routers, and ignores their advertisements and redirects.
  'net.ipv6.conf.default.accept_ra': '0',
  'net.ipv6.conf.default.autoconf': '0',
  'net.ipv6.conf.default.router_solicitations': '0',
  'net.ipv6.conf.default.accept_redirects': '0',
  // As in IPv4, a card that is taken down and up again keeps its addresses.
  'net.ipv6.conf.default.keep_addr_on_down': '1',
  // As in IPv4, every unreachable or too large packet gets its ICMP error: no type of message has a rate limit.
  'net.ipv6.icmp.ratemask': '255',
};

export function sysctlsFor(forward: boolean, ipv6: boolean): Record<string, string> {
  return {
    ...ALWAYS,
    ...(ipv6 ? WITH_IPV6 : WITHOUT_IPV6),
    ...IPV4,
    ...(forward && { [FORWARD.ipv4]: '1' }),
    ...(forward && ipv6 && { [FORWARD.ipv6]: '1' }),
  };
}

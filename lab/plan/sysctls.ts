/** Settings of the kernel that every host starts with; a scenario's own come on top. */

import type { Family } from '../model/address.ts';

/**
 * The same on every machine (a new namespace inherits some of these from the machine), and silent: nothing that
 * the scenario did not ask for is to be on the wire.
 */
const ALWAYS: Readonly<Record<string, string>> = {
  // Programs run without privilege and still own the ports of known services.
  'net.ipv4.ip_unprivileged_port_start': '0',
};

const IPV4: Readonly<Record<string, string>> = {
  // Set before the rest, and no accept_redirects beside it: the kernel resets that one whenever this is written.
  'net.ipv4.ip_forward': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  // A host with two networks takes what arrives on either.
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  // Every datagram to a closed port is answered, not six in thirty. No limit of zero instead: what is sent under that
  // counts as the last that a router may say for a second of addresses that it has no way to.
  'net.ipv4.icmp_ratemask': '0',
};

/** On top of these at a router. It tells nobody of a shorter way, and believes nobody who does. */
export const FORWARD: Readonly<Record<Family, string>> = {
  ipv4: 'net.ipv4.ip_forward',
  ipv6: 'net.ipv6.conf.all.forwarding',
};

/** No router solicitations, no duplicate address detection, no multicast listener reports. */
const WITHOUT_IPV6: Readonly<Record<string, string>> = {
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.default.disable_ipv6': '1',
};

/** What a host with IPv6 says is what the scenario has it say: its addresses and routes are the plan's. */
const WITH_IPV6: Readonly<Record<string, string>> = {
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.default.disable_ipv6': '0',
  // The link-local address is made of the MAC (EUI-64), so that the plan knows it.
  'net.ipv6.conf.default.addr_gen_mode': '0',
  // Nobody is asked whether an address is free (RFC 4862 section 5.4): the plan gives each once.
  'net.ipv6.conf.default.accept_dad': '0',
  'net.ipv6.conf.default.dad_transmits': '0',
  // No routers are looked for, and none is believed.
  'net.ipv6.conf.default.accept_ra': '0',
  'net.ipv6.conf.default.autoconf': '0',
  'net.ipv6.conf.default.router_solicitations': '0',
  'net.ipv6.conf.default.accept_redirects': '0',
  // As in IPv4, a card that is taken down and up again has its addresses.
  'net.ipv6.conf.default.keep_addr_on_down': '1',
  // As in IPv4, what is unreachable or too big is said every time: none of the types that there are has a limit.
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

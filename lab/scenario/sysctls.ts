/** Settings of the kernel that every host starts with; a scenario's own come on top. */

/**
 * The same on every machine (a new namespace inherits some of these from the machine), and silent: nothing that
 * the scenario did not ask for is to be on the wire.
 */
export const DEFAULT_SYSCTLS: Readonly<Record<string, string>> = {
  // Programs run without privilege and still own the ports of known services.
  'net.ipv4.ip_unprivileged_port_start': '0',
  // No router solicitations, no duplicate address detection, no multicast listener reports.
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.default.disable_ipv6': '1',
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
export const ROUTER_SYSCTLS: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
};

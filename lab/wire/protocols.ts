/** Protocol numbers of IP (IANA, Assigned Internet Protocol Numbers). */

export const ICMP = 1;
export const IGMP = 2;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;
export const NOTHING = 59;

const NAMES: ReadonlyMap<number, string> = new Map([
  [ICMP, 'icmp'],
  [IGMP, 'igmp'],
  [4, 'ip-in-ip'],
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [41, 'ipv6-in-ip'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [ICMPV6, 'icmpv6'],
  [NOTHING, 'nothing'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
  [132, 'sctp'],
]);

/** `tcp` for 6; `protocol 200` for a number without a name here. */
export function protocolWord(protocol: number): string {
  return NAMES.get(protocol) ?? `protocol ${protocol}`;
}

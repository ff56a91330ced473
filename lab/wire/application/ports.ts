/** The UDP ports that tell the protocol of a datagram: for lines, ladders and pages. */
import type { Udp } from '../frame.ts';

/** DNS (RFC 1035 section 4.2.1), mDNS (RFC 6762) and LLMNR (RFC 4795), which have the same messages. */
export const DNS_PORTS: readonly number[] = [53, 5353, 5355];
/** RFC 2131 section 4.1: the server's and the client's. */
export const DHCP_PORTS: readonly number[] = [67, 68];

export function isOnPort({ sourcePort, destinationPort }: Udp, ports: readonly number[]): boolean {
  return ports.includes(destinationPort) || ports.includes(sourcePort);
}

/** Synonyms of plain values, where one of a few words is asked for. */
import type { Names } from '../../wire/lines/hint.ts';
import { flow } from '../hints/flow.ts';

/** By our value: the words of others for it. */
export const VALUES: Readonly<Record<string, string>> = {
  refused:
    'ECONNREFUSED connection_refused refuse connrefused conn_refused port_closed closed_port rejected connection_refused_error',
  timeout: 'ETIMEDOUT timed_out connection_timed_out time_out no_answer silence no_reply dropped timeouts',
  unreachable:
    'EHOSTUNREACH ENETUNREACH ENETDOWN EHOSTDOWN no_route_to_host host_unreachable network_unreachable network_is_unreachable host_is_unreachable no_route destination_host_unreachable destination_unreachable prohibited',
  reset:
    'ECONNRESET EPIPE ECONNABORTED connection_reset connection_reset_by_peer rst broken_pipe aborted reset_by_peer',
  'in-use': 'EADDRINUSE address_already_in_use address_in_use port_in_use already_in_use taken',
  'not-permitted':
    'EACCES EPERM permission_denied operation_not_permitted denied forbidden not_allowed access_denied',
  'not-available': 'EADDRNOTAVAIL cannot_assign_requested_address address_not_available no_such_address',
  'too-large': 'EMSGSIZE message_too_long too_long too_big message_too_large fragmentation_needed',
  closed: 'EBADF ECANCELED eof hang_up disconnected',
  ipv4: '4 v4 inet ip4 IPv4',
  ipv6: '6 v6 inet6 ip6 IPv6',
  'tcp-echo': 'echo echo_server tcp tcpecho',
  'udp-echo': 'udp udpecho bounce',
  files: 'file file_server fileserver ftp',
  time: 'clock daytime time_server',
  'endpoint-independent': 'full_cone fullcone cone eim',
  'address-dependent': 'restricted restricted_cone address_restricted_cone',
  'address-and-port-dependent':
    'symmetric port_restricted port_restricted_cone port_dependent address_port_dependent apdf apdm',
  receive: 'received recv read data message',
  accept: 'accepted connect connected connection open',
  neighbours: 'arp arp_cache neighbors neighbour neighbor mac macs',
  obtain: 'get request discover acquire new',
  renew: 'refresh extend',
  release: 'give_back drop free',
  write: 'wr send out both SHUT_WR',
};

/** By key: what to do where a value is not one of the words that are asked for. */
export const INSTEAD: Readonly<Record<string, (value: unknown, names: Names) => string>> = {
  fails: (value) =>
    /^\d+$/.test(typeof value === 'string' ? value : flow(value))
      ? `the end of a command is a field: write fields: { exit: ${typeof value === 'string' ? value : flow(value)} }`
      : 'say how it fails: fails: refused',
  service: (value) =>
    `these are the programs of lanlab; any other is a command (command: ${flow(`${value} …`)}) or an image (image: ${flow(value)})`,
};

/** A word in the one form in which words are compared. */
export function normal(word: string): string {
  return word
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[-. ]/g, '_');
}

/** The value of ours that somebody has written in another tool's words; undefined where there is none. */
export function meantValue(written: string, allowed: readonly string[]): string | undefined {
  const word = normal(written.trim());
  return allowed.find(
    (one) => normal(one) === word || VALUES[one]?.split(' ').some((other) => normal(other) === word),
  );
}

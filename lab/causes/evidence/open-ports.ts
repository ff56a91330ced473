/** The ports on which a host listens, in words: for a step that tried another one. */
import type { SocketState } from '../../agent/protocol.ts';
import { showEndpoint } from '../../outcomes/show.ts';
import { covers } from './evidence.ts';
import { isMulticast } from './subnet.ts';

/** Kernels hand out ports from here on (ip_local_port_range): these belong to clients, and no step tries them. */
const HANDED_OUT = 32_768;

/** `7, 9000`; `127.0.0.1:9000` where a port is on another address than the target's. Empty where there is no port. */
export function portsOf(sockets: readonly SocketState[], address: string): string {
  const fixed = sockets.filter(({ local }) => local.port < HANDED_OUT);
  const open = fixed.filter((one) => covers(one, address)).map(({ local }) => local.port);
  const elsewhere = fixed.filter(({ local }) => !open.includes(local.port) && !isForMany(local.address));
  const shown = [...open.map(String), ...elsewhere.map(({ local }) => `${showEndpoint(local)}`)];
  return [...new Set(shown)].toSorted((a, b) => portIn(a) - portIn(b)).join(', ');
}

/** Whether an address is a group or a broadcast address: a server bound to it hears the same packets on its own port. */
function isForMany(address: string): boolean {
  return isMulticast(address) || address === '255.255.255.255';
}

function portIn(shown: string): number {
  return Number(shown.slice(shown.lastIndexOf(':') + 1));
}

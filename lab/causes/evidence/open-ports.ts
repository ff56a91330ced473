/** What a host listens on, in words: for whoever asked for something else. */
import type { SocketState } from '../../agent/protocol.ts';
import { showEndpoint } from '../../outcomes/show.ts';
import { covers } from './evidence.ts';
import { isMulticast } from './subnet.ts';

/** Ports from here on are handed out (ip_local_port_range): clients' sockets, and nobody asks for them. */
const HANDED_OUT = 32_768;

/** `7, 9000`; `127.0.0.1:9000` where it is on another address than was asked. Nothing: an empty text. */
export function portsOf(sockets: readonly SocketState[], address: string): string {
  const fixed = sockets.filter(({ local }) => local.port < HANDED_OUT);
  const open = fixed.filter((one) => covers(one, address)).map(({ local }) => local.port);
  const elsewhere = fixed.filter(({ local }) => !open.includes(local.port) && !isForMany(local.address));
  const shown = [...open.map(String), ...elsewhere.map(({ local }) => `${showEndpoint(local)}`)];
  return [...new Set(shown)].toSorted((a, b) => portIn(a) - portIn(b)).join(', ');
}

/** A group or a broadcast address: whom a server hears there it also hears on its own. */
function isForMany(address: string): boolean {
  return isMulticast(address) || address === '255.255.255.255';
}

function portIn(shown: string): number {
  return Number(shown.slice(shown.lastIndexOf(':') + 1));
}

/** Hosts whose cards are on other networks than those that they began on, by names alone. Pure. */
import { parseAddress } from './address.ts';
import type { Host } from './types.ts';

/** From which network to which the card of a host goes. */
export interface Way {
  from: string;
  to: string;
}

/** The hosts by their names, each where the moves have led it. */
export function movedHosts(
  hosts: Iterable<Host>,
  moves: readonly (Way & { host: string })[],
): Map<string, Host> {
  const moved = (host: Host) =>
    moves.reduce((one, move) => (move.host === host.name ? movedHost(one, move) : one), host);
  return new Map([...hosts].map((host) => [host.name, moved(host)]));
}

/** Routes that are written stay behind, with a gateway that is an address and the link of the card's own cable. */
export function movedHost(host: Host, { from, to }: Way): Host {
  const { gateway, routes: _, ...rest } = host;
  const networks = host.networks.map((card): Host['networks'][number] => {
    if (card.network !== from) return card;
    const { mtu, where } = card;
    return { network: to, addresses: [], ...(mtu !== undefined && { mtu }), where };
  });
  const left = gateway?.filter((word) => parseAddress(word) === undefined) ?? [];
  const said = gateway?.length === 0 || left.length > 0;
  return { ...rest, networks, ...(said && { gateway: left }) };
}

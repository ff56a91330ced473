/** A host whose card is on another network than the one that it began on, by names alone. Pure. */
import { parseAddress } from './address.ts';
import type { Host } from './types.ts';

/** From which network to which the card of a host goes. */
export interface Way {
  from: string;
  to: string;
}

/** A gateway that is written as an address stays behind, as does the link of the card's own cable. */
export function movedHost(host: Host, { from, to }: Way): Host {
  const { gateway, ...rest } = host;
  const networks = host.networks.map(({ where, ...card }) =>
    card.network === from ? { network: to, addresses: [], where } : { ...card, where },
  );
  const left = gateway?.filter((word) => parseAddress(word) === undefined) ?? [];
  const said = gateway?.length === 0 || left.length > 0;
  return { ...rest, networks, ...(said && { gateway: left }) };
}

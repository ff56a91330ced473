/** This host's own addresses, as they are at this moment. */
import { hostInterfaces } from './interfaces.ts';

export interface OwnAddress {
  family: 'ipv4' | 'ipv6';
  address: string;
  broadcast: string | undefined;
  internal: boolean;
  /** `eth0` */
  card: string;
}

/** This host's addresses, each with its network's broadcast address. Link-local ones are good on a card alone, so left out. */
export function ownAddresses(): OwnAddress[] {
  return Object.entries(hostInterfaces()).flatMap(([name, found = []]) =>
    found
      .filter(({ address }) => !/^fe[89ab]/i.test(address))
      .map(({ address, family, netmask, internal }): OwnAddress => {
        const four = family === 'IPv4';
        const broadcast = four && !internal ? broadcastOf(address, netmask) : undefined;
        return { family: four ? 'ipv4' : 'ipv6', address, internal, broadcast, card: name };
      }),
  );
}

/** A /31 (RFC 3021) and a /32 have no broadcast address. */
function broadcastOf(address: string, netmask: string): string | undefined {
  if (Number(netmask.split('.')[3]) >= 254) return undefined;
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) | (~mask[index]! & 255))
    .join('.');
}

/**
 * Every address on which a listener without an address of its own hears: unicast, then broadcast; of one family where
 * `family` is given.
 */
export function everyAddress(family?: OwnAddress['family']): string[] {
  const own = ownAddresses().filter((one) => family === undefined || one.family === family);
  const broadcast = own.flatMap(({ broadcast }) => (broadcast ? [broadcast] : []));
  const limited = broadcast.length > 0 ? ['255.255.255.255'] : [];
  const cards = [...own.filter((card) => !card.internal), ...own.filter((card) => card.internal)];
  // Each once: two addresses of one network share a broadcast address.
  return [...new Set([...cards.map(({ address }) => address), ...broadcast, ...limited])];
}

/** The cards that speak a family, each once. */
export function cardsOf(family: OwnAddress['family']): string[] {
  const own = ownAddresses().filter((one) => one.family === family && !one.internal);
  return [...new Set(own.map(({ card }) => card))];
}

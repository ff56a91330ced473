/** This host's own addresses, as they are at this moment. */
import { hostInterfaces } from './interfaces.ts';

export interface OwnAddress {
  address: string;
  broadcast: string | undefined;
  internal: boolean;
}

/** IPv4 addresses of this host, with the broadcast address of each one's network. */
export function ownAddresses(): OwnAddress[] {
  return Object.values(hostInterfaces()).flatMap((cards) =>
    (cards ?? [])
      .filter((card) => card.family === 'IPv4')
      .map(({ address, netmask, internal }) => ({
        address,
        internal,
        broadcast: internal ? undefined : broadcastOf(address, netmask),
      })),
  );
}

function broadcastOf(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) | (~mask[index]! & 255))
    .join('.');
}

/** Every address on which a listener without an address of its own hears: unicast, then broadcast. */
export function everyAddress(): string[] {
  const own = ownAddresses();
  const broadcast = own.flatMap(({ broadcast }) => (broadcast ? [broadcast] : []));
  const limited = broadcast.length > 0 ? ['255.255.255.255'] : [];
  const cards = [...own.filter((card) => !card.internal), ...own.filter((card) => card.internal)];
  // Each once: two addresses of one network have one broadcast address, that of a /32 is the address itself.
  return [...new Set([...cards.map(({ address }) => address), ...broadcast, ...limited])];
}

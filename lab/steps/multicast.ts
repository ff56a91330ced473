/** Values of multicast sockets: RFC 1112. */
import { isIPv4 } from 'node:net';
import { z } from 'zod';

/** An IPv4 group: 224.0.0.0 to 239.255.255.255. */
export const group = z.string().refine(
  (address) => {
    const first = Number(address.split('.')[0]);
    return isIPv4(address) && first >= 224 && first <= 239;
  },
  { error: 'a multicast group is an address from 224.0.0.0 to 239.255.255.255' },
);

/** Hops that a datagram may take. */
export const ttl = z.int().min(1, 'a TTL is from 1 to 255').max(255, 'a TTL is from 1 to 255');

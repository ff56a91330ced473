/** Values of multicast sockets: RFC 1112, RFC 4291 section 2.7. */
import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

/** A group: 224.0.0.0 to 239.255.255.255, or one of ff00::/8. */
export const group = z
  .string()
  .refine(
    (address) => {
      if (isIPv6(address)) return /^ff/i.test(address) && !address.includes('%');
      const first = Number(address.split('.')[0]);
      return isIPv4(address) && first >= 224 && first <= 239;
    },
    {
      error: 'a multicast group is an address from 224.0.0.0 to 239.255.255.255, or one that begins with ff',
    },
  )
  .meta({ title: 'multicast group' });

/** Hops that a datagram may take. */
export const ttl = z.int().min(1, 'a TTL is from 1 to 255').max(255, 'a TTL is from 1 to 255');

/** The terms of a network's DHCP server in words. */
import type { Dhcp } from './types.ts';

/** `10.50.1.100-10.50.1.150, lease 120 s, relayed by r1`; undefined where nothing is said but who it is. */
export function printTerms({ range, lease, relay }: Dhcp): string | undefined {
  const words = [
    ...(range ? [`${range.from}-${range.to}`] : []),
    ...(lease === undefined ? [] : [`lease ${lease} s`]),
    ...(relay === undefined ? [] : [`relayed by ${relay}`]),
  ];
  return words.length > 0 ? words.join(', ') : undefined;
}

/** Rates that are in each other's way: two faults in one place, and a fault that is no slower than its link. */
import type { Impairment } from '../../agent/protocol.ts';
import { printRate } from '../../model/link-words.ts';
import type { Host } from '../../model/types.ts';
import type { Objection } from '../../scenario/vocabulary.ts';
import { type On, type Place, placesIn } from './on.ts';

/** `the rate of alice.lan (out)` */
export function ratesHeld(where: On, hosts: ReadonlyMap<string, Host>): string[] {
  return placesIn(where, hosts).map((place) => `the rate of ${nameOf(place)}`);
}

function nameOf({ host, card, direction, peers }: Place): string {
  const from = peers ? ` from ${peers.join(', ')}` : '';
  return `${host}.${card} (${direction})${from}`;
}

/** Behind a link of 1 Mbit/s a rate of 10 Mbit/s changes nothing. */
export function rateObjections(
  { rate }: Impairment,
  where: On,
  hosts: ReadonlyMap<string, Host>,
): Objection[] {
  // A trace is sometimes slower than any rate.
  if (!rate || rate.trace) return [];
  for (const place of placesIn(where, hosts)) {
    const link = slowest(place, hosts);
    if (link === undefined || rate.bits < link) continue;
    const name = `${place.host}.${place.card} (${place.direction})`;
    const message = `the link of ${name} has a rate of ${printRate(link)}, so this changes nothing`;
    return [{ path: ['rate'], message, hint: `write a rate below ${printRate(link)}` }];
  }
  return [];
}

function slowest({ host, card, direction }: Place, hosts: ReadonlyMap<string, Host>): number | undefined {
  const { link, ofNetwork } = hosts.get(host)?.networks.find(({ network }) => network === card) ?? {};
  const all = [
    link?.both,
    link?.[direction],
    ofNetwork?.[direction],
    ...(direction === 'out' ? [ofNetwork?.both] : []),
  ];
  const rates = all.flatMap((one) => (one?.rate && !one.rate.trace ? [one.rate.bits] : []));
  return rates.length > 0 ? Math.min(...rates) : undefined;
}

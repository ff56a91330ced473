/** Hosts' names for the addresses and cards of a plan. */
import { addressesOf, type PlannedHost } from '../model/planned.ts';
import type { Names } from '../wire/names.ts';

export function namesOf(hosts: Iterable<PlannedHost>): Names {
  const byAddress = new Map<string, string>();
  const byMac = new Map<string, string>();
  for (const { name, interfaces } of hosts) {
    for (const card of interfaces) {
      for (const address of addressesOf(card)) byAddress.set(address, name);
      byMac.set(card.mac, name);
    }
  }
  return { host: (address) => byAddress.get(address), card: (mac) => byMac.get(mac) };
}

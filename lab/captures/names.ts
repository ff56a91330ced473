/** Hosts' names for the addresses and cards of a plan, and of the plans that it becomes. */
import { addressesOf, type PlannedHost } from '../model/planned.ts';
import type { Names } from '../wire/names.ts';

export class PlannedNames implements Names {
  readonly #byAddress = new Map<string, string>();
  readonly #byMac = new Map<string, string>();

  constructor(hosts: Iterable<PlannedHost>) {
    for (const host of hosts) this.learn(host);
  }

  /** An address that the host had before is still its own, as long as nobody else has it. */
  learn({ name, interfaces }: PlannedHost): void {
    for (const card of interfaces) {
      for (const address of addressesOf(card)) this.#byAddress.set(address, name);
      this.#byMac.set(card.mac, name);
    }
  }

  host(address: string): string | undefined {
    return this.#byAddress.get(address);
  }

  card(mac: string): string | undefined {
    return this.#byMac.get(mac);
  }
}

export function namesOf(hosts: Iterable<PlannedHost>): Names {
  return new PlannedNames(hosts);
}

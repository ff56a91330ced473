/** MAC addresses for hosts, the same in every run. */
import { createHash } from 'node:crypto';

/**
 * Locally administered unicast (IEEE 802, first octet 02), made from the lab's name and the address, so that two
 * labs on one wire differ. `taken` holds those already given; the one found is added.
 */
export function handOutMac(lab: string, address: string, taken: Set<string>): string {
  for (let attempt = 0; ; attempt++) {
    const digest = createHash('sha256').update(`${lab}\0${address}\0${attempt}`).digest();
    const mac = ['02', ...digest.subarray(0, 5).toString('hex').match(/../g)!].join(':');
    if (taken.has(mac)) continue;
    taken.add(mac);
    return mac;
  }
}

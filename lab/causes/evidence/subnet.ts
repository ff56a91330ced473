/** The kind of an address, and whether it is in a subnet or on a card's network. */
import { contains, parseAddress, subnetFrom } from '../../model/address.ts';
import type { PlannedInterface } from '../../model/planned.ts';

/** Whether an address lies in `10.50.1.0/24`. */
export function inSubnet(address: string, cidr: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && contains(subnetFrom(cidr), parsed);
}

/** Whether an address is in a subnet of the card. */
export function isNear({ addresses }: PlannedInterface, address: string): boolean {
  return addresses.some((one) => inSubnet(address, `${one.address}/${one.prefix}`));
}

/** RFC 5771, RFC 4291 section 2.7. */
export function isMulticast(address: string): boolean {
  return inSubnet(address, '224.0.0.0/4') || inSubnet(address, 'ff00::/8');
}

/** RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. */
export function isLoopback(address: string): boolean {
  return inSubnet(address, '127.0.0.0/8') || address === '::1';
}

/** RFC 3927, RFC 4291 section 2.5.6. */
export function isLinkLocal(address: string): boolean {
  return inSubnet(address, '169.254.0.0/16') || inSubnet(address, 'fe80::/10');
}

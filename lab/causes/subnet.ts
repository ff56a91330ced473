import { contains, parseAddress, subnetFrom } from '../scenario/address.ts';

/** Whether an IPv4 address lies in `10.50.1.0/24`. */
export function inSubnet(address: string, cidr: string): boolean {
  const number = parseAddress(address);
  return number !== undefined && contains(subnetFrom(cidr), number);
}

/** The address of a host where the scenario does not write it: the lowest free one of the subnet. */
import { LabError } from '../errors.ts';
import { hostRange, printAddress, subnetFrom } from '../model/address.ts';
import type { Scenario } from '../model/types.ts';

/** Hands out the lowest address of a subnet that no host has and that the scenario does not write. */
export function addressBook({ hosts, networks }: Scenario): (subnet: string) => string {
  const taken = new Set(hosts.flatMap((host) => host.networks.flatMap(({ addresses }) => addresses)));
  /** The lowest of each subnet that may still be free. */
  const next = new Map<string, bigint>();
  return (cidr) => {
    const subnet = subnetFrom(cidr);
    const { lowest, highest } = hostRange(subnet);
    const { family } = lowest;
    for (let number = next.get(cidr) ?? lowest.number; number <= highest.number; number++) {
      const address = printAddress({ family, number });
      if (taken.has(address)) continue;
      next.set(cidr, number + 1n);
      return address;
    }
    const full = networks.find(({ subnets }) => subnets.includes(cidr));
    throw new LabError('scenario', `\`${full?.name}\` has no address left`, {
      hint: 'write a shorter prefix',
    });
  };
}

/** The address of a host where the scenario does not write it: the lowest free one of the subnet, or of its DHCP range. */
import { LabError } from '../errors.ts';
import { familyOf, hostRange, parseAddress, printAddress, subnetFrom } from '../model/address.ts';
import type { Scenario } from '../model/types.ts';

/** Hands out the lowest address of a subnet, or of its DHCP range, that no host has and that the scenario does not write. */
export function addressBook({ hosts, networks }: Scenario): (subnet: string) => string {
  const taken = new Set(hosts.flatMap((host) => host.networks.flatMap(({ addresses }) => addresses)));
  /** The lowest of each subnet that may still be free. */
  const next = new Map<string, bigint>();
  return (cidr) => {
    const subnet = subnetFrom(cidr);
    const { lowest, highest } = handedOut(networks, cidr) ?? hostRange(subnet);
    const { family } = subnet;
    for (let number = next.get(cidr) ?? lowest.number; number <= highest.number; number++) {
      const address = printAddress({ family, number });
      if (taken.has(address)) continue;
      next.set(cidr, number + 1n);
      return address;
    }
    const full = networks.find(({ subnets }) => subnets.includes(cidr));
    const range = family === 'ipv4' ? full?.dhcp?.range : undefined;
    const hint = range ? `write a longer range than ${range.from}-${range.to}` : 'write a shorter prefix';
    throw new LabError('scenario', `\`${full?.name}\` has no address left`, { hint });
  };
}

function handedOut(networks: Scenario['networks'], cidr: string): ReturnType<typeof hostRange> | undefined {
  const range = networks.find(({ subnets }) => subnets.includes(cidr))?.dhcp?.range;
  if (!range || familyOf(cidr) !== 'ipv4') return undefined;
  return { lowest: parseAddress(range.from)!, highest: parseAddress(range.to)! };
}

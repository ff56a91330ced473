/**
 * The scenario with the subnets and addresses that a lab that is up has chosen: for networks written `auto`, and for hosts
 * that wrote none. A network or host that is not edited keeps them, whatever comes or goes beside it.
 */
import { contains, familyOf, hostRange, parseAddress, type Subnet, subnetFrom } from '../model/address.ts';
import { AUTO } from '../model/auto-subnets.ts';
import type { Plan } from '../model/planned.ts';
import type { Host, Network, Scenario } from '../model/types.ts';

export function withGiven(plan: Plan, scenario: Scenario): Scenario {
  const networks = scenario.networks.map((network) => withSubnets(plan, network));
  const written = scenario.hosts.flatMap((host) => host.networks.flatMap(({ addresses }) => addresses));
  const given = { plan, networks, written: new Set(written) };
  return { ...scenario, networks, hosts: scenario.hosts.map((host) => withAddresses(host, given)) };
}

function withSubnets(plan: Plan, network: Network): Network {
  if (!network.subnets.includes(AUTO)) return network;
  const has = plan.networks.find(({ name }) => name === network.name);
  return has ? { ...network, subnets: has.subnets.map(({ subnet }) => subnet) } : network;
}

interface Given {
  plan: Plan;
  networks: readonly Network[];
  /** Addresses that the scenario gives to a host: no other host keeps them. */
  written: ReadonlySet<string>;
}

/** The host with its earlier address of each family that it has not written, where the network still has room for it. */
function withAddresses(host: Host, { plan, networks, written }: Given): Host {
  const before = plan.hosts.find(({ name }) => name === host.name);
  if (!before) return host;
  const attached = host.networks.map((one) => {
    const own = new Set(one.addresses.map(familyOf));
    const { subnets } = networks.find(({ name }) => name === one.network)!;
    // A network that has no subnet yet had no hosts before.
    const ranges = subnets.filter((subnet) => subnet !== AUTO).map(subnetFrom);
    const kept = before.interfaces
      .filter(({ network }) => network === one.network)
      .flatMap(({ addresses }) => addresses.map(({ address }) => address))
      .filter((address) => !own.has(familyOf(address)) && !written.has(address))
      .filter((address) => ranges.some((range) => hasRoomFor(range, address)));
    return { ...one, addresses: [...one.addresses, ...kept] };
  });
  return { ...host, networks: attached };
}

function hasRoomFor(subnet: Subnet, text: string): boolean {
  const address = parseAddress(text)!;
  const { lowest, highest } = hostRange(subnet);
  return contains(subnet, address) && address.number >= lowest.number && address.number <= highest.number;
}

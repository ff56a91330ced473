/** The plan of a lab in which a card of one host stands on another network. Names follow the host. Pure. */
import { LabError } from '../errors.ts';
import { familyOf } from '../model/address.ts';
import { movedHost, type Way } from '../model/moved.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';
import type { Host, Scenario } from '../model/types.ts';
import { addressBook } from './free-address.ts';
import { planScenario } from './plan.ts';

/** Which card of a host goes where. */
export interface Move extends Way {
  host: string;
  /** One of each family at most; the others are handed out. */
  addresses: readonly string[];
}

/**
 * The plan of `scenario`, which has become `plan`, after the move. Every other card keeps its addresses and its MAC. NAT,
 * firewalls and certificates keep the addresses that they were made with. Throws LabError (`scenario`) where an address is somebody else's.
 */
export function planMove(plan: Plan, scenario: Scenario, move: Move): Plan {
  const networks = scenario.networks.map((network) => {
    const has = plan.networks.find(({ name }) => name === network.name);
    return has ? { ...network, subnets: has.subnets.map(({ subnet }) => subnet) } : network;
  });
  // A host that is away finds its address free when it comes back.
  const home = planScenario({ ...scenario, networks });
  refuseTaken([plan, home], move);
  const network = networks.find(({ name }) => name === move.to)!;
  const handOut = addressBook({ ...scenario, networks, hosts: [...plan.hosts, ...home.hosts].map(holding) });
  const free = network.subnets.filter(
    (subnet) => !move.addresses.some((address) => familyOf(address) === familyOf(subnet)),
  );
  const addresses = [...move.addresses, ...free.map(handOut)];
  const hosts = scenario.hosts.map((host) =>
    asPlanned(
      host,
      planOf(plan, host.name),
      { ...move, addresses },
      {
        leased: network.dhcp !== undefined && free.some((subnet) => familyOf(subnet) === 'ipv4'),
      },
    ),
  );
  const to = planScenario({ ...scenario, networks, hosts });
  return { ...to, hosts: to.hosts.map((host) => withRules(host, planOf(plan, host.name))) };
}

function planOf({ hosts }: Plan, name: string): PlannedHost {
  const found = hosts.find((host) => host.name === name);
  if (!found) throw new Error(`the plan has no host ${name}`);
  return found;
}

/** A host of a plan, as a scenario writes it. */
function holding({ name, interfaces }: PlannedHost): Host {
  const where = { file: '', line: 0, column: 0 };
  const networks = interfaces.map(({ network, addresses }) => ({
    network,
    addresses: addresses.map(({ address }) => address),
    where,
  }));
  return { name, networks, files: [], sysctls: {}, where };
}

/** A host of the scenario, with the networks, addresses and MACs that it has after the move. */
function asPlanned(host: Host, planned: PlannedHost, move: Move, guest: { leased: boolean }): Host {
  const goes = (network: string) => host.name === move.host && network === move.from;
  const written = planned.interfaces.reduce((one, { network }, index) => {
    const [home, now] = [host.networks[index]!.network, goes(network) ? move.to : network];
    return now === home ? one : movedHost(one, { from: home, to: now });
  }, host);
  const networks = written.networks.map(({ leased: athome, ...one }, index): Host['networks'][number] => {
    const { mac, addresses, network, leased } = planned.interfaces[index]!;
    if (!goes(network)) {
      const asks = leased !== undefined;
      return {
        ...one,
        mac,
        addresses: addresses.map(({ address }) => address),
        ...(asks && { leased: asks }),
      };
    }
    const asks = athome ?? guest.leased;
    return { ...one, mac, addresses: [...move.addresses], ...(asks && { leased: asks }) };
  });
  // Rules keep the addresses that they were made with.
  const { nat, firewall: _, ...rest } = written;
  return { ...rest, networks, ...(nat && { nat: { ...nat, ports: [] } }) };
}

function withRules(
  { nat: _, firewall: __, tls: ___, ...host }: PlannedHost,
  before: PlannedHost,
): PlannedHost {
  const { nat, firewall, tls } = before;
  return { ...host, ...(nat && { nat }), ...(firewall && { firewall }), ...(tls && { tls }) };
}

function refuseTaken(plans: readonly Plan[], { host, addresses }: Move): void {
  const others = plans.flatMap(({ hosts }) => hosts.filter(({ name }) => name !== host));
  for (const address of addresses) {
    const owner = others.find(({ interfaces }) =>
      interfaces.some((card) => card.addresses.some((one) => one.address === address)),
    );
    if (owner)
      throw new LabError('scenario', `${address} is the address of ${owner.name}`, {
        hint: 'write another address, or none',
      });
  }
}

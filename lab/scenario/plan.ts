/** Works a scenario out: every address, name and MAC becomes a literal. Pure: the same scenario, the same plan. */
import { LabError } from '../errors.ts';
import { engineAddress, parseAddress, printAddress, subnetFrom } from './address.ts';
import { settleSubnets } from './auto.ts';
import { writeHostsFile } from './hosts-file.ts';
import { handOutMac } from './mac.ts';
import type { Plan, PlannedHost, PlannedInterface, PlannedLease, PlannedNetwork } from './planned.ts';
import { fillRoutes } from './routes.ts';
import { fillServing } from './serving.ts';
import { DEFAULT_SYSCTLS, ROUTER_SYSCTLS } from './sysctls.ts';
import { fillRules } from './translate.ts';
import type { Host, Network, Scenario } from './types.ts';
import { ownersOf } from './walk.ts';

export { resolveAddress, resolveEndpoint } from './resolve.ts';

/** The plan of a scenario. Throws LabError (`scenario`) where a network has no address left. */
export function planScenario(written: Scenario): Plan {
  const scenario = settleSubnets(written);
  const networks = scenario.networks.map(planNetwork);
  const handOut = addressBook(scenario);
  const macs = new Set<string>();
  const hosts = scenario.hosts.map((host): PlannedHost => {
    const interfaces = host.networks.map(({ network, address, leased }, index): PlannedInterface => {
      const given = address ?? handOut(network);
      const mac = handOutMac(scenario.lab, given, macs);
      const { prefix, broadcast, mtu, internet } = networks.find(({ name }) => name === network)!;
      const card = { name: `eth${index}`, network, mac, address: given, prefix, broadcast };
      // What comes with the address is filled in when the routes are known.
      return { ...card, members: [], mtu, internet, ...(leased && { leased: NOTHING_YET }) };
    });
    return planHost(host, interfaces);
  });
  fillMembers(hosts);
  fillRoutes(hosts, scenario.hosts, networks);
  fillRules(hosts, scenario.hosts);
  const owners = ownersOf(hosts);
  fillServing(hosts, scenario.networks, owners);
  for (const host of hosts) host.hostsFile = writeHostsFile(host, hosts, owners);
  return { lab: scenario.lab, networks, hosts };
}

const NOTHING_YET: PlannedLease = { server: '', seconds: 0, routes: [] };

/** Ethernet's (RFC 894). */
const MTU = 1500;

function planNetwork({ name, subnet: cidr, mtu = MTU, internet, dhcp, dns }: Network): PlannedNetwork {
  const subnet = subnetFrom(cidr);
  return {
    name,
    subnet: `${printAddress(subnet.first)}/${subnet.prefix}`,
    prefix: subnet.prefix,
    engineAddress: printAddress(engineAddress(subnet)),
    broadcast: printAddress(subnet.last),
    mtu,
    internet: internet ?? false,
    ...(dhcp !== undefined && { dhcp }),
    ...(dns !== undefined && { dns }),
  };
}

function planHost(host: Host, interfaces: PlannedInterface[]): PlannedHost {
  return {
    name: host.name,
    ...(host.program && { program: host.program }),
    ...(host.ready && { ready: host.ready }),
    interfaces,
    forward: host.forward ?? false,
    routes: [],
    hostsFile: '',
    sysctls: { ...DEFAULT_SYSCTLS, ...(host.forward && ROUTER_SYSCTLS), ...host.sysctls },
    files: host.files,
  };
}

/** Hands out each network's lowest address that nobody has and nobody wrote. */
function addressBook(scenario: Scenario): (network: string) => string {
  const taken = new Set<number>();
  for (const { address } of scenario.hosts.flatMap((host) => host.networks)) {
    const number = address === undefined ? undefined : parseAddress(address);
    if (number !== undefined) taken.add(number);
  }
  const subnets = new Map(scenario.networks.map(({ name, subnet }) => [name, subnetFrom(subnet)]));
  return (network) => {
    const subnet = subnets.get(network);
    if (!subnet) throw new LabError('scenario', `no network \`${network}\``);
    for (let address = subnet.first + 1; address < engineAddress(subnet); address++) {
      if (taken.has(address)) continue;
      taken.add(address);
      return printAddress(address);
    }
    throw new LabError('scenario', `\`${network}\` has no address left`, { mend: 'write a shorter prefix' });
  };
}

function fillMembers(hosts: readonly PlannedHost[]): void {
  const all = hosts.flatMap((host) => host.interfaces);
  const macs = Map.groupBy(all, ({ network }) => network);
  for (const one of all) one.members = (macs.get(one.network) ?? []).map(({ mac }) => mac);
}

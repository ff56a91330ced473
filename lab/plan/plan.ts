/** Works out a scenario: every address, name and MAC becomes a literal. Pure: the same scenario gives the same plan. */
import {
  engineAddress,
  familyOf,
  linkLocalOf,
  printAddress,
  printSubnet,
  subnetFrom,
} from '../model/address.ts';
import { settleSubnets } from '../model/auto-subnets.ts';
import { ownersOf } from '../model/follow-routes.ts';
import {
  hasFamily,
  type Plan,
  type PlannedAddress,
  type PlannedHost,
  type PlannedInterface,
  type PlannedLease,
  type PlannedNetwork,
  type PlannedSubnet,
} from '../model/planned.ts';
import type { Host, Network, Scenario } from '../model/types.ts';
import { addressBook } from './free-address.ts';
import { writeHostsFiles } from './hosts-file.ts';
import { fillLinks } from './links.ts';
import { handOutMac } from './mac.ts';
import { fillRoutes } from './routes.ts';
import { fillServing } from './serving.ts';
import { sysctlsFor } from './sysctls.ts';
import { fillTls } from './tls.ts';
import { fillRules } from './translate.ts';

export { resolveAddress, resolveEndpoint } from './resolve.ts';

/** The plan of a scenario. Throws LabError (`scenario`) where a network has no address left. */
export function planScenario(written: Scenario): Plan {
  const scenario = settleSubnets(written);
  const networks = scenario.networks.map(planNetwork);
  const handOut = addressBook(scenario);
  const macs = new Set(scenario.hosts.flatMap(({ networks }) => networks.flatMap(({ mac }) => mac ?? [])));
  const hosts = scenario.hosts.map((host): PlannedHost => {
    const interfaces = host.networks.map((attached, index): PlannedInterface => {
      const { name, subnets, mtu, internet } = networks.find((one) => one.name === attached.network)!;
      const addresses = subnets.map((subnet) => planAddress(subnet, attached.addresses, handOut));
      const mac = attached.mac ?? handOutMac(scenario.lab, addresses[0]!.address, macs);
      const six = subnets.some(({ family }) => family === 'ipv6');
      const card = { name: `eth${index}`, network: name, mac, addresses };
      // The options that come with the address are filled in when the routes are known.
      const leased = attached.leased && { leased: NOTHING_YET };
      const linkLocal = six && { linkLocal: linkLocalOf(mac) };
      return { ...card, ...linkLocal, members: [], mtu: attached.mtu ?? mtu, internet, ...leased };
    });
    return planHost(host, interfaces);
  });
  fillMembers(hosts);
  fillLinks(hosts, scenario);
  fillRoutes(hosts, scenario);
  fillRules(hosts, scenario.hosts, networks);
  const owners = ownersOf(hosts);
  fillServing(hosts, scenario.networks, owners);
  writeHostsFiles(hosts, owners);
  fillTls(hosts, scenario.hosts);
  return { lab: scenario.lab, networks, hosts };
}

const NOTHING_YET: PlannedLease = { server: '', seconds: 0, routes: [] };

/** The MTU of Ethernet (RFC 894). */
const MTU = 1500;

function planNetwork({ name, subnets, mtu = MTU, internet, dhcp, dns }: Network): PlannedNetwork {
  return {
    ...{ name, subnets: subnets.map(planSubnet), mtu, internet: internet ?? false },
    ...(dhcp !== undefined && { dhcp }),
    ...(dns !== undefined && { dns }),
  };
}

function planSubnet(cidr: string): PlannedSubnet {
  const subnet = subnetFrom(cidr);
  const { family, last, prefix } = subnet;
  const engine = engineAddress(subnet);
  return {
    family,
    subnet: printSubnet(subnet),
    prefix,
    // A /31 has neither (RFC 3021).
    ...(engine && {
      engineAddress: printAddress(engine),
      broadcast: printAddress({ family, number: last }),
    }),
  };
}

/** The address that was written for the family, else the next free one. */
function planAddress(
  subnet: PlannedSubnet,
  written: readonly string[],
  handOut: (subnet: string) => string,
): PlannedAddress {
  const { family, prefix, broadcast } = subnet;
  const address = written.find((one) => familyOf(one) === family) ?? handOut(subnet.subnet);
  return { family, address, prefix, ...(broadcast !== undefined && { broadcast }) };
}

function planHost(host: Host, interfaces: PlannedInterface[]): PlannedHost {
  return {
    name: host.name,
    ...(host.program && { program: host.program }),
    ...(host.ready && { ready: host.ready }),
    interfaces,
    forward: host.forward ?? false,
    ...(host.on !== undefined && { on: host.on }),
    routes: [],
    hostsFile: '',
    sysctls: { ...sysctlsFor(host.forward ?? false, hasFamily({ interfaces }, 'ipv6')), ...host.sysctls },
    files: host.files,
    ...(host.disk && { disk: host.disk }),
  };
}

function fillMembers(hosts: readonly PlannedHost[]): void {
  const all = hosts.flatMap((host) => host.interfaces);
  const cards = Map.groupBy(all, ({ network }) => network);
  // One list for each network, shared by all cards on it.
  const macs = new Map([...cards].map(([network, there]) => [network, there.map(({ mac }) => mac)]));
  for (const one of all) one.members = macs.get(one.network) ?? [];
}

/** Names without DNS: the hosts file of one host. For a host with a name server it has only the host itself. */
import { FAMILIES } from '../model/address.ts';
import { type Owners, walk } from '../model/follow-routes.ts';
import { hasFamily, type PlannedHost } from '../model/planned.ts';
import { nearestAddress } from './resolve.ts';

/** Hosts that are on the same networks and have the same routes know the same names: they share one text. */
export function writeHostsFiles(hosts: readonly PlannedHost[], owners: Owners): void {
  const written = new Map<string, string>();
  for (const host of hosts) {
    const key = asks(host) ? host.name : JSON.stringify([host.interfaces.map(standing), host.routes]);
    const text = written.get(key) ?? writeHostsFile(host, hosts, owners);
    written.set(key, text);
    host.hostsFile = text;
  }
}

function standing({ network, addresses }: PlannedHost['interfaces'][number]): unknown {
  return [network, addresses.map(({ family, prefix }) => [family, prefix])];
}

function asks({ resolvers, interfaces }: PlannedHost): boolean {
  return resolvers !== undefined || interfaces.some(({ leased }) => leased?.resolver);
}

/**
 * Loopback, then every host that this one has a way to, by its nearest address of each family. A host on several
 * networks also has a name for each of them: `router.office`.
 */
function writeHostsFile(host: PlannedHost, hosts: readonly PlannedHost[], owners: Owners): string {
  const lines = ['127.0.0.1\tlocalhost', ...(hasFamily(host, 'ipv6') ? ['::1\tlocalhost'] : [])];
  for (const peer of asks(host) ? [host] : hosts) {
    const nearest = FAMILIES.map((family) => nearestAddress(host, peer, owners, { family })?.address);
    for (const { addresses, network } of peer.interfaces) {
      for (const { address } of addresses) {
        if (!walk(host, address, owners)) continue;
        const names = nearest.includes(address) ? [peer.name] : [];
        if (peer.interfaces.length > 1) names.push(`${peer.name}.${network}`);
        lines.push(`${address}\t${names.join(' ')}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

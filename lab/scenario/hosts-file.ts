/** Names without DNS: the hosts file of one host. One that has a name server knows only itself. */
import type { PlannedHost } from './planned.ts';
import { nearestInterface } from './resolve.ts';
import { type Owners, walk } from './walk.ts';

/**
 * Loopback, then every host that this one has a way to, by its nearest address. A host on several networks can be
 * called by each as well: `router.office`.
 */
export function writeHostsFile(host: PlannedHost, hosts: readonly PlannedHost[], owners: Owners): string {
  const lines = ['127.0.0.1\tlocalhost'];
  const asks = host.resolvers !== undefined || host.interfaces.some(({ leased }) => leased?.resolver);
  for (const peer of asks ? [host] : hosts) {
    const main = nearestInterface(host, peer, owners);
    for (const one of peer.interfaces) {
      if (!walk(host, one.address, owners)) continue;
      const names = one === main ? [peer.name] : [];
      if (peer.interfaces.length > 1) names.push(`${peer.name}.${one.network}`);
      lines.push(`${one.address}\t${names.join(' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

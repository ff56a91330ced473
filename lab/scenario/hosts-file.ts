/** Names without DNS: the hosts file of one host. */
import type { PlannedHost } from './planned.ts';
import { sharedInterface } from './resolve.ts';

/**
 * Loopback, then every host that shares a network with this one, by the address it has there. A host on several
 * networks can be called by each as well: `router.office`.
 */
export function writeHostsFile(host: PlannedHost, hosts: readonly PlannedHost[]): string {
  const lines = ['127.0.0.1\tlocalhost'];
  for (const peer of hosts) {
    const main = sharedInterface(host, peer);
    for (const one of peer.interfaces) {
      if (!host.interfaces.some((ours) => ours.network === one.network)) continue;
      const names = one === main ? [peer.name] : [];
      if (peer.interfaces.length > 1) names.push(`${peer.name}.${one.network}`);
      lines.push(`${one.address}\t${names.join(' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

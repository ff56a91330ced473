/** What Docker's bridge driver is told of a network of the lab's. Pure: the engines `docker` and `compose` share it. */
import type { PlannedNetwork, PlannedSubnet } from '../model/planned.ts';

const BRIDGE = 'com.docker.network.bridge';
const MTU = 'com.docker.network.driver.mtu';
/** The driver's own: what need not be said. */
const USUAL_MTU = 1500;

/**
 * No address of the machine's on the bridge and nothing translated: what leaves a network leaves it by a router of
 * the lab's. One that leads out of the lab is what Docker makes of a network otherwise. Never `internal`: its
 * isolation would also drop what the lab's own routers forward, broadcast and multicast.
 */
export function bridgeOptions({ mtu, internet }: PlannedNetwork): Record<string, string> {
  return {
    ...(!internet && { [`${BRIDGE}.enable_ip_masquerade`]: 'false', [`${BRIDGE}.inhibit_ipv4`]: 'true' }),
    ...(mtu !== USUAL_MTU && { [MTU]: String(mtu) }),
  };
}

/** What Docker is told of a network's addresses. IPv6 is the agents' own work: the bridge only carries it. */
export function ipv4Of({ subnets }: PlannedNetwork): PlannedSubnet | undefined {
  return subnets.find(({ family }) => family === 'ipv4');
}

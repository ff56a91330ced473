/** The options of Docker's bridge driver for a network of the lab. Pure: the engines `docker` and `compose` share it. */
import type { PlannedInterface, PlannedNetwork, PlannedSubnet } from '../model/planned.ts';

const BRIDGE = 'com.docker.network.bridge';
const MTU = 'com.docker.network.driver.mtu';
/** The driver's own default, which need not be said. */
const USUAL_MTU = 1500;

/**
 * The machine has no address on the bridge, and nothing is translated: packets leave a network by a router of the lab. For
 * a network that leads out of the lab, Docker's defaults stay. Never `internal`: its isolation would also drop packets that
 * the lab's own routers forward, broadcasts and multicasts.
 */
export function bridgeOptions({ mtu, internet }: PlannedNetwork): Record<string, string> {
  return {
    ...(!internet && { [`${BRIDGE}.enable_ip_masquerade`]: 'false', [`${BRIDGE}.inhibit_ipv4`]: 'true' }),
    ...(mtu !== USUAL_MTU && { [MTU]: String(mtu) }),
  };
}

/**
 * The IPv4 subnet that Docker knows. IPv6 is the agents' own work: the bridge only carries it. So is a /31, which has no
 * address for the bridge. For these Docker takes addresses of its own, and the agents flush them.
 */
export function ipv4Of({ subnets }: PlannedNetwork): (PlannedSubnet & { engineAddress: string }) | undefined {
  const found = subnets.find(({ engineAddress }) => engineAddress !== undefined);
  return found as ReturnType<typeof ipv4Of>;
}

/** A card's address on a subnet that Docker knows. */
export function toldAddress(card: PlannedInterface): string | undefined {
  return card.addresses.find(({ broadcast }) => broadcast !== undefined)?.address;
}

/** Ports that NATs lead inside, followed from router to router as their kernels translate them. Pure. */
import type { PlannedNat } from './planned.ts';

/** One router's word: what came for its port goes on to this address and port. */
export interface Forward {
  router: string;
  to: string;
  toPort: number;
}

/** Who is asked. */
export interface Asked {
  transport: 'tcp' | 'udp';
  address: string;
  port: number;
}

/**
 * The routers that translate what is sent there, in their order; none where no NAT leads that port inside. The last one's
 * `to` and `toPort` are whom it reaches. `asker` is the host that sends: what a router sends by itself does not pass its
 * own forwards, which are about what arrives. Where forwards go round in a circle, each router is told once.
 */
export function forwardsOf(
  hosts: Iterable<{ name: string; nat?: Pick<PlannedNat, 'address' | 'ports'> }>,
  { transport, address, port }: Asked,
  asker?: string,
): Forward[] {
  const routers = [...hosts].filter(({ nat }) => nat);
  const chain: Forward[] = [];
  let at = { address, port };
  for (;;) {
    const router = routers.find(({ nat }) => nat!.address === at.address);
    const itself = chain.length === 0 && router?.name === asker;
    if (!router || itself || chain.some((one) => one.router === router.name)) return chain;
    const found = router.nat!.ports.find((one) => one.transport === transport && one.port === at.port);
    if (!found) return chain;
    chain.push({ router: router.name, to: found.to, toPort: found.toPort });
    at = { address: found.to, port: found.toPort };
  }
}

/** Ports that NATs forward to hosts inside, followed from router to router as their kernels translate them. Pure. */
import type { PlannedNat } from './planned.ts';

/** A forward of one router: what comes for its port goes on to this address and port. */
export interface Forward {
  router: string;
  to: string;
  toPort: number;
}

/** The destination that the sender wrote. */
export interface Asked {
  transport: 'tcp' | 'udp';
  address: string;
  port: number;
}

/**
 * The routers that translate what is sent there, in their order; empty where no NAT forwards that port. The last one's
 * `to` and `toPort` are the receiver. `asker` is the host that sends: its own forwards do not count, as forwards are about
 * packets that arrive at a router. Where forwards go round in a circle, each router is told once.
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

/** Starts the servers for addresses and names, then takes leases from them: programs start after that. */
import { patient } from '../agent/patience.ts';
import { type Lacking, NetworkFailure } from '../agent/protocol.ts';
import { LabError } from '../errors.ts';
import type { PlannedInterface, PlannedServing } from '../model/planned.ts';
import type { LiveHost } from './host.ts';
import { leaseDiffers } from './lease-differs.ts';

/** Milliseconds in which a lease has to come while a lab comes up: a server on the same network needs a few. */
const LEASED_WITHIN = 10_000;

/** Throws LabError where a server cannot start. */
export async function startServers(hosts: Iterable<LiveHost>): Promise<void> {
  await Promise.all([...hosts].map(serve));
}

async function serve({ name, plan, agent, capabilities }: LiveHost): Promise<void> {
  const { serves } = plan;
  if (!serves) return;
  if (capabilities.serve !== true)
    throw lacks(`${name} cannot serve ${networksOf(serves)}`, capabilities.serve);
  try {
    await agent.serve({ networks: serves });
  } catch (error) {
    if (error instanceof LabError || !(error instanceof Error)) throw error;
    throw new LabError('agent', `${name} does not serve ${networksOf(serves)}: ${error.message}`, {
      hint: 'see whether a program of the host, or of its image, has the ports 53 or 67',
      cause: error,
    });
  }
}

function networksOf(serves: readonly PlannedServing[]): string {
  return [...new Set(serves.flatMap(({ networks }) => networks))].join(' and ');
}

/** Hosts ask for their leased addresses. Throws LabError where one gets no address, or another than planned. */
export async function takeLeases(hosts: Iterable<LiveHost>): Promise<void> {
  const asking = [...hosts].flatMap((host) =>
    host.plan.interfaces.flatMap((card) => (card.leased ? [{ host, card }] : [])),
  );
  await Promise.all(asking.map(({ host, card }) => takeLease(host, card)));
}

/** `have` is satisfied with an existing lease. Throws LabError. */
export async function takeLease(
  host: LiveHost,
  card: PlannedInterface,
  how: 'have' | 'renew' = 'have',
): Promise<void> {
  const { name, capabilities, agent } = host;
  if (capabilities.lease !== true)
    throw lacks(`${name} cannot ask for its address on ${card.network}`, capabilities.lease);
  const lease = await agent
    .lease({ card: card.name, how, giveUp: patient(LEASED_WITHIN) })
    .catch((error: unknown) => Promise.reject(explained(error, host, card)));
  const differs = leaseDiffers(lease, card);
  if (differs === undefined) return;
  throw new LabError('agent', `${name} was leased something else on ${card.network}: ${differs}`, {
    hint: 'see who else hands out addresses there',
  });
}

function explained(error: unknown, { name }: LiveHost, { network, leased }: PlannedInterface): unknown {
  if (!(error instanceof NetworkFailure)) return error;
  const asked = `${name} asked for its address on ${network}, and nobody answered`;
  return new LabError(
    'agent',
    `${asked} in ${patient(LEASED_WITHIN) / 1000} s (the server is ${leased?.server})`,
    {
      hint: 'see whether a firewall or a sysctl of one of them keeps DHCP out (UDP 67 and 68)',
      cause: error,
    },
  );
}

function lacks(what: string, { why, hint }: Lacking): LabError {
  return new LabError('unsupported', `${what}: ${why}`, { hint });
}

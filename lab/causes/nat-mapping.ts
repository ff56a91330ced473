/** A NAT without a mapping for a packet (RFC 4787 section 4), or with a mapping for other peers only (section 5). */
import { showEndpoint } from '../outcomes/show.ts';
import type { Cause } from './cause.ts';
import { covers, type Evidence, waiting } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';
import { natTablesOf } from './evidence/nat-tables.ts';
import { isSame } from './evidence/path-host.ts';
import type { Target } from './evidence/target.ts';

export const natMapping: Cause = {
  word: 'nat-mapping',
  async find(evidence) {
    const { symptom, target, there } = evidence;
    if (!target || target.transport === 'icmp' || !['silence', 'refused', 'reset'].includes(symptom))
      return undefined;
    const outside = there?.host.plan.nat?.address === target.address;
    return outside && there ? fromOutside(there, target, evidence) : fromInside(target, evidence);
  },
};

/** A host outside sends to a port of the NAT's own address for which there is no forward. */
async function fromOutside(
  nat: Machine,
  target: Target,
  { here, local }: Evidence,
): Promise<string | undefined> {
  const transport = target.transport as 'tcp' | 'udp';
  const own = (await waiting(nat, transport)).some((one) => {
    return one.local.port === target.port && covers(one, target.address);
  });
  const inside = nat.cards.some(
    (card) => card.name !== nat.host.plan.nat?.outside && isOn(here, card.network),
  );
  if (own || inside) return undefined;
  const tables = await natTablesOf(nat);
  const mapping = tables.inward.find((one) => one.transport === transport && one.port === target.port);
  const port = `${transport} port ${target.port}`;
  // A step that connects by TCP mostly means a server: another cause says that there is none.
  if (!mapping && transport === 'tcp') return undefined;
  if (!mapping)
    return `${nat.name}'s NAT has no mapping for ${port}: no host inside has sent from that port, or the last time is too long ago`;
  const ours = await local();
  if (!ours || nat.host.plan.nat?.filtering === 'endpoint-independent') return undefined;
  const peers = tables.asked.flatMap(({ transport: by, inside: end, peer }) =>
    peer && by === transport && isSame(end, mapping.inside) ? [peer] : [],
  );
  if (peers.some(({ address, port = ours.port }) => isSame({ address, port }, ours))) return undefined;
  const shown = peers.map(({ address, port }) =>
    port === undefined ? address : showEndpoint({ address, port }),
  );
  return `${nat.name}'s NAT has ${port} for ${showEndpoint(mapping.inside)}, and lets in only what comes from ${shown.join(', ')}`;
}

function isOn({ cards }: Machine, network: string): boolean {
  return cards.some((card) => card.network === network);
}

/** A host inside waits on a conversation that the NAT on its way has forgotten. */
async function fromInside(target: Target, evidence: Evidence): Promise<string | undefined> {
  const { outcome, symptom, pathHosts, here } = evidence;
  // A host that sends makes the mapping again.
  if (symptom !== 'silence' || !outcome.tuple || (await evidence.sends())) return undefined;
  const { local } = outcome.tuple;
  const nat = (await pathHosts('forth')).find(
    ({ before, after }) => before.source.address !== after.source.address,
  );
  if (!nat) return undefined;
  const known = (await natTablesOf(nat.machine)).asked.some(
    ({ transport, inside }) => transport === target.transport && isSame(inside, local),
  );
  if (known) return undefined;
  return `${nat.machine.name}'s NAT has forgotten ${here.name}:${local.port}, and lets in nothing for it any more`;
}

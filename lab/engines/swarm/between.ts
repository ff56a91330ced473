/** The ways between the nodes of a lab: what they must carry is found out before a host is made. */
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from '../../agent/patience.ts';
import { LabError } from '../../errors.ts';
import { VXLAN_OVERHEAD, VXLAN_PORT } from '../../keeper/calls.ts';
import type { PlannedNetwork } from '../../model/planned.ts';
import { asked } from '../containers/connection.ts';
import type { Keeper } from './keeper.ts';
import type { Node } from './node.ts';
import { numberOf } from './number.ts';

/** Milliseconds in which a datagram must come from each node to each other one, and between two that are sent. */
const WITHIN = 3_000;
const BETWEEN = 150;

/** A node, and what it has to do with the others. */
export interface End {
  node: Node;
  keeper: Keeper;
  /** Its networks that have hosts on other nodes too. */
  spanning: readonly PlannedNetwork[];
}

/** Throws LabError where a node has no address, where an MTU is too large, or where VXLAN's port is shut. */
export async function checkBetween(ends: readonly End[], lab: string): Promise<void> {
  const concerned = ends.filter(({ spanning }) => spanning.length > 0);
  if (concerned.length === 0) return;
  const lost = concerned.find(({ node }) => node.address === '');
  if (lost) throw noAddress(lost.node);
  await asked('look at the ways between the machines', async () => {
    await Promise.all(concerned.map((end) => refuseLarger(end, remotesOf(end, concerned))));
    await refuseShut(concerned, numberOf(lab, ' probe'));
  });
}

export function remotesOf({ node }: Pick<End, 'node'>, ends: readonly Pick<End, 'node'>[]): string[] {
  return ends.flatMap((one) => (one.node === node ? [] : [one.node.address]));
}

/** Frames of a network have VXLAN's headers around them on their way to another node. */
async function refuseLarger({ node, keeper, spanning }: End, remotes: string[]): Promise<void> {
  for (const { to, mtu: carried } of await keeper.calls.ways(remotes)) {
    const most = carried - VXLAN_OVERHEAD;
    const large = spanning.find(({ mtu }) => mtu > most);
    if (!large) continue;
    const message = `\`${large.name}\` has an MTU of ${large.mtu}, and from ${node.name} to ${to} at most ${most} bytes pass`;
    throw new LabError('unsupported', `${message} (${carried} less ${VXLAN_OVERHEAD} for VXLAN)`, {
      hint: `write mtu: ${most} at \`${large.name}\`, or have its hosts on one machine (\`on\`)`,
    });
  }
}

/** Every node sends to every other one, until all have heard all or the time is over. */
async function refuseShut(ends: readonly End[], number: number): Promise<void> {
  await Promise.all(ends.map((end) => end.keeper.calls.expectProbes(remotesOf(end, ends), number)));
  try {
    const deadline = performance.now() + patient(WITHIN);
    for (;;) {
      await Promise.all(
        ends.map((end) => end.keeper.calls.probe(end.node.address, remotesOf(end, ends), number)),
      );
      const deaf = await unheard(ends);
      if (deaf.length === 0) return;
      if (performance.now() > deadline) throw shut(deaf);
      await pause(BETWEEN);
    }
  } finally {
    await Promise.allSettled(ends.map(({ keeper }) => keeper.calls.expectProbes([], number)));
  }
}

/** Pairs of names: from the first to the second nothing has come. */
async function unheard(ends: readonly End[]): Promise<[string, string][]> {
  const each = await Promise.all(
    ends.map(async (end) => {
      const heard = await end.keeper.calls.probed();
      const silent = ends.filter(({ node }) => node !== end.node && !heard.includes(node.address));
      return silent.map(({ node }): [string, string] => [node.name, end.node.name]);
    }),
  );
  return each.flat();
}

function shut(pairs: readonly [string, string][]): LabError {
  const ways = pairs.map(([from, to]) => `from ${from} to ${to}`).join(', ');
  return new LabError('engine', `the port of VXLAN is shut: UDP ${VXLAN_PORT} does not come ${ways}`, {
    hint: `open UDP port ${VXLAN_PORT} between the machines, in both directions`,
  });
}

function noAddress({ name }: Node): LabError {
  return new LabError(
    'usage',
    `nobody knows the address of ${name}: it is listed with a socket, and in no Swarm`,
    {
      hint: `list it with its address (${name}=ssh://user@ADDRESS), or join it to a Swarm`,
    },
  );
}

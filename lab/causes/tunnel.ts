/** A tunnel that a host has made, and the cause that keeps its packets from the other end. */
import type { PathCause } from './cause.ts';
import { cut } from './cut.ts';
import { down } from './down.ts';
import { ownerOf } from './evidence/address-owner.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Machine } from './evidence/machine.ts';
import { pathOf } from './evidence/path.ts';
import { type Ends, pathHostsForth } from './evidence/path-host.ts';
import { sourceFor } from './evidence/target.ts';
import { lostAddress } from './lost-address.ts';
import { noRoute } from './no-route.ts';
import { nobody } from './nobody.ts';
import { notForwarding } from './not-forwarding.ts';
import { unplugged } from './unplugged.ts';
import { wrongNeighbour } from './wrong-neighbour.ts';

/** Causes that keep any packet from the tunnel's other end, with any content. */
const UNDERLAY: readonly PathCause[] = [
  ...[unplugged, down, lostAddress, notForwarding, noRoute, cut, nobody, wrongNeighbour],
];

export const tunnel: PathCause = {
  word: 'tunnel',
  async find(evidence, { machine, end }) {
    if (end?.at !== 'own-card') return undefined;
    const remote = await remoteOf(machine, end.card);
    const way = remote === undefined ? undefined : await pathOf(machine, remote, evidence.all);
    const card = way?.hops[0]?.out ?? machine.cards[0];
    if (remote === undefined || !way || !card) return undefined;
    const ends: Ends = {
      source: { address: sourceFor(card, remote)!, port: 0 },
      destination: { address: remote, port: 0 },
    };
    const beneath = await beneathOf(evidence, ends, machine);
    for (const pathHost of pathHostsForth(way, ends, [])) {
      for (const cause of UNDERLAY) {
        const found = await cause.find(beneath, pathHost);
        if (found) return `${machine.name}'s tunnel ${end.card} goes to ${remote}; ${found}`;
      }
    }
    return undefined;
  },
};

interface Link {
  linkinfo?: { info_data?: { remote?: string; remote6?: string } };
}

/** The other end, as `ip` shows it for every kind of tunnel that has one; undefined for any other card. */
async function remoteOf(machine: Machine, card: string): Promise<string | undefined> {
  const printed = await machine.says('ip', '-j', '-d', 'link', 'show', 'dev', card);
  const { info_data: data } = (JSON.parse(printed) as Link[])[0]?.linkinfo ?? {};
  const remote = data?.remote ?? data?.remote6;
  return remote === 'any' ? undefined : remote;
}

/** The evidence of the same failure, for the packets that the tunnel makes. */
async function beneathOf(evidence: Evidence, { destination }: Ends, machine: Machine): Promise<Evidence> {
  const target = { transport: 'udp', ...destination, cast: 'one' } as const;
  const there = await ownerOf(destination.address, evidence.all);
  const { there: _, seen: __, ...rest } = evidence;
  return { ...rest, here: machine, target, asked: target, symptom: 'silence', ...(there && { there }) };
}

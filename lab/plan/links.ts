/** The links of a scenario as stages of each cable. */
import { createHash } from 'node:crypto';
import { type Impairment, type Link, type LinkBetween, linkId, type Stage } from '../model/link.ts';
import type { PlannedHost, PlannedInterface } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';

/** A network's link first, then that of the card. */
export function fillLinks(hosts: readonly PlannedHost[], scenario: Scenario): void {
  for (const host of hosts) {
    const written = scenario.hosts.find(({ name }) => name === host.name)!;
    for (const [index, card] of host.interfaces.entries()) {
      const ofNetwork = scenario.networks.find(({ name }) => name === card.network)?.link;
      const seeded = (id: string, { seed }: Link) => seedOf(seed ?? scenario.lab, id, host.name);
      const stages = [
        ...(ofNetwork ? stagesOf(card.network, ofNetwork, ['out'], seeded) : []),
        ...ownStages(`${host.name}.${card.network}`, written.networks[index]?.link, seeded),
        ...(scenario.links ?? []).flatMap((link) => stagesBetween(link, host, card, hosts, scenario.lab)),
      ];
      if (stages.length > 0) card.link = stages;
    }
  }
  const cards = hosts.flatMap(({ interfaces }) => interfaces);
  const impaired = new Set(cards.flatMap(({ network, link }) => (link ? [network] : [])));
  for (const card of cards) if (impaired.has(card.network)) keepWhole(card);
}

function keepWhole(card: PlannedInterface): void {
  card.wholeFrames = true;
}

type Seeded = (id: string, link: Link) => number;

function ownStages(id: string, link: Link | undefined, seeded: Seeded): Stage[] {
  return link ? stagesOf(id, link, ['out', 'in'], seeded) : [];
}

/** `both` is the list of directions for which `link.both` counts. */
function stagesOf(id: string, link: Link, both: readonly Stage['direction'][], seeded: Seeded): Stage[] {
  const seed = seeded(id, link);
  const stage = (direction: Stage['direction'], impairment: Impairment | undefined): Stage[] =>
    impairment ? [{ id: linkId(id), direction, impairment, seed }] : [];
  return [
    ...both.flatMap((direction) => stage(direction, link.both)),
    ...stage('out', link.out),
    ...stage('in', link.in),
  ];
}

/** Stages at the receiver, for frames that come from the cards of the sender. */
function stagesBetween(
  { from, to, both, impairment, seed }: LinkBetween,
  host: PlannedHost,
  card: PlannedInterface,
  hosts: readonly PlannedHost[],
  lab: string,
): Stage[] {
  const ways = both ? [[from, to] as const, [to, from] as const] : [[from, to] as const];
  return ways.flatMap(([sender, receiver]): Stage[] => {
    if (receiver !== host.name) return [];
    const cards = hosts.find(({ name }) => name === sender)?.interfaces ?? [];
    const peers = cards.filter(({ network }) => network === card.network).map(({ mac }) => mac);
    if (peers.length === 0) return [];
    const id = linkId(`${sender} > ${receiver}`);
    return [{ id, direction: 'in', impairment, seed: seedOf(seed ?? lab, id, card.network), peers }];
  });
}

/** A seed from the parts that decide it, so that each cable has its own. */
export function seedOf(...parts: (string | number)[]): number {
  return createHash('sha256').update(parts.join('\0')).digest().readUInt32BE();
}

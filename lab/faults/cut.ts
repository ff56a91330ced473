/**
 * Frames between two sides are lost on the cable, ARP and broadcasts too: they leave, and do not arrive. Between hosts that
 * share no network packets are lost, by their addresses.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Lacking } from '../agent/protocol.ts';
import type { Split } from '../engines/engine.ts';
import { reading, show, Wrong } from '../model/reading.ts';
import type { Host } from '../model/types.ts';
import { NAME } from '../scenario/values/values.ts';
import type { Objection } from '../scenario/vocabulary.ts';
import { all } from './all.ts';
import { type Fault, type FaultKind, type LiveHosts, standing } from './fault.ts';
import { impair, lackingAt, plansOf } from './links/impair.ts';
import { packetLosses } from './links/packets.ts';
import { compileCut, namesOf, onMachines, type Side, type Sides } from './sides.ts';

const TWO_SIDES = 'a cut has two sides: two hosts, two lists of hosts, or a host and `all`';

const TWO_SIDES_OF_MACHINES = 'a cut between machines has two sides: nodes: [a, b], or nodes: [a, [b, c]]';

const side = reading(readSide, {
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
  title: 'side',
  description: 'A host, a list of hosts, or all: every other host.',
});

const arp = z.literal('keep');

const machine = z.string().min(1);
const machines = z
  .union([machine.transform((one) => [one]), z.array(machine).min(1)])
  .describe('A machine, or a list of machines.');

const schema = z
  .union(
    [
      z
        .tuple([side, side], { error: TWO_SIDES })
        .transform(([from, to]): Sides => ({ from, to, ways: 'both' })),
      z
        .strictObject({
          from: side.describe('The senders: a host, a list of hosts, or all.'),
          to: side.describe('The hosts that do not get their frames: a host, a list of hosts, or all.'),
          arp: arp
            .optional()
            .describe('`keep`: MACs are found out across the cut (ARP, neighbour discovery).'),
        })
        .transform((sides): Sides => ({ ...sides, ways: 'one' })),
      z
        .strictObject({
          between: z.tuple([side, side], { error: TWO_SIDES }).describe('The two sides.'),
          arp: arp.describe('`keep`: MACs are found out across the cut (ARP, neighbour discovery).'),
        })
        .transform(({ between: [from, to], arp }): Sides => ({ from, to, ways: 'both', arp })),
      z
        .strictObject({
          nodes: z
            .tuple([machines, machines], { error: TWO_SIDES_OF_MACHINES })
            .describe('Two machines of a lab over several, or two lists of them.'),
        })
        .transform(({ nodes: [from, to] }): Sides => ({ from, to, ways: 'both', machines: true })),
    ],
    { error: TWO_SIDES },
  )
  .describe(
    'The two sides in a list, or a map of `from` and `to` for one direction, or of `between` and `arp`, or of `nodes`.',
  );

function readSide(input: unknown): Side | Wrong {
  if (input === 'all') return 'all';
  const hosts: unknown[] = [input].flat();
  const stray = hosts.find((host) => typeof host !== 'string' || !NAME.test(host));
  if (hosts.length > 0 && stray === undefined && !hosts.includes('all')) return hosts as string[];
  const what = stray === undefined ? show(input) : show(stray);
  return new Wrong(
    `${what} is not a side of a cut`,
    ({ host, other }) => `write a host (${host}), several ([${host}, ${other}]), or all`,
  );
}

export const cut: FaultKind<Sides> = {
  word: 'cut',
  summary:
    'Loses every frame between two hosts, or two groups of hosts. ' +
    'With `from` and `to` it works in one direction only. ' +
    '`all` is every other host. With `nodes` it splits the machines of a lab over several.',
  example: 'fault: { cut: [[alice, bob], echo], as: gap }',
  schema,

  references: (sides) =>
    (sides.machines ? [] : places(sides)).flatMap(({ path, names }) =>
      names.map((value, index) => ({ path: [...path, index], is: 'host' as const, value })),
    ),

  objections: (sides, hosts) => [...onBoth(sides), ...alone(sides, hosts)],

  // No cut stands in another's way: where two overlap, healing one leaves the other.
  breaks: () => ({ path: [], holds: [], state: 'cut', undo: 'heal' }),

  featureFor: ({ machines }) => (machines ? 'machines' : undefined),

  machines: (sides) => (sides.machines ? places(sides).flatMap(({ names }) => names) : []),

  lacking(written, hosts) {
    const sides = onMachines(written, plansOf(hosts));
    const states = [...dropsOf(sides, hosts).keys()].map((host) => hosts.get(host)!.capabilities.patch);
    const lacking = states.find((state): state is Lacking => state !== true);
    return lacking ?? lackingAt(packetLossesOf(written, hosts).flat(), hosts);
  },

  explain: (sides) => `cut ${between(sides)}`,

  /** Whole or not at all. */
  async begin(written, hosts, _plan, _move, split) {
    const sides = onMachines(written, plansOf(hosts));
    const parts: Fault[] = [];
    const heal = async () => {
      await all(parts.map((part) => part.heal()));
      return `joined ${between(written)}`;
    };
    try {
      const drops = dropsOf(sides, hosts);
      if (drops.size > 0) parts.push(await cutCables(sides, drops, hosts));
      const request = {
        impairment: { blackhole: 'packets' },
        seed: 0,
        matching: {},
        on: between(sides),
        drawn: {},
      } as const;
      for (const places of packetLossesOf(written, hosts))
        if (places.length > 0) parts.push(await impair(this.explain(sides), places, request, hosts));
      if (written.machines) parts.push(await splitMachines(written, split));
    } catch (error) {
      await heal().catch(() => {});
      throw error;
    }
    const [senders, receivers] = namesOf(sides, hosts.keys());
    const broke = { kind: 'cables', senders, receivers, both: sides.ways === 'both' } as const;
    return standing(this.explain(written), parts[0]?.broke ?? broke, heal);
  },
};

/** Every agent has acknowledged when this resolves; where one does not, the others join again what they cut. */
async function cutCables(sides: Sides, drops: Map<string, string[]>, hosts: LiveHosts): Promise<Fault> {
  const id = randomUUID();
  const join = () => all([...drops.keys()].map((host) => hosts.get(host)!.agent.heal({ id })));
  const acknowledged = all(
    [...drops].map(([host, macs]) => hosts.get(host)!.agent.cut({ id, from: macs.map((mac) => ({ mac })) })),
  );
  await acknowledged.catch(async (error) => {
    await join().catch(() => {});
    throw error;
  });
  const [senders, receivers] = namesOf(sides, hosts.keys());
  const broke = { kind: 'cables', senders, receivers, both: sides.ways === 'both' } as const;
  return standing(`cut ${between(sides)}`, broke, async () => {
    await join();
    return `joined ${between(sides)}`;
  });
}

/** Nothing at all passes between them, also no frame of a MAC that no plan has. */
async function splitMachines(sides: Sides, split: Split | undefined): Promise<Fault> {
  if (!split || sides.from === 'all' || sides.to === 'all') throw new Error('refused before: one machine');
  const join = await split(sides.from, sides.to);
  const broke = { kind: 'cables' as const, senders: [], receivers: [], both: true };
  return standing(`cut ${between(sides)}`, broke, async () => {
    await join();
    return `joined ${between(sides)}`;
  });
}

/** Machines that are split lose no packets of hosts that share no network: a third machine may hold the router. */
function packetLossesOf(sides: Sides, hosts: LiveHosts): ReturnType<typeof packetLosses> {
  return sides.machines ? [] : packetLosses(sides, plansOf(hosts));
}

/** Where ARP is kept no cable is cut: packets are lost. */
function dropsOf(sides: Sides, hosts: LiveHosts): Map<string, string[]> {
  return sides.arp ? new Map() : compileCut(sides, plansOf(hosts));
}

/** Where the sides stand in the text, and their hosts; none for `all`. */
function places({ from, to, ways, arp, machines }: Sides): { path: (string | number)[]; names: string[] }[] {
  const list = machines ? ['nodes'] : arp ? ['between'] : [];
  const at =
    ways === 'both'
      ? [
          [...list, 0],
          [...list, 1],
        ]
      : [['from'], ['to']];
  return [from, to].map((names, index) => ({ path: at[index]!, names: names === 'all' ? [] : names }));
}

function onBoth(sides: Sides): Objection[] {
  const [one, other] = places(sides);
  if (sides.from === 'all' && sides.to === 'all') {
    return [
      { path: [], message: '`all` is every other host: one side must name some', hint: 'write [alice, all]' },
    ];
  }
  return other!.names.flatMap((host, index) =>
    one!.names.includes(host)
      ? [{ path: [...other!.path, index], message: `\`${host}\` stands on both sides of the cut` }]
      : [],
  );
}

/** A host that shares no network with another is cut off already. */
function alone(sides: Sides, hosts: ReadonlyMap<string, Host>): Objection[] {
  const networksOf = (name: string) => hosts.get(name)?.networks.map(({ network }) => network) ?? [];
  const [from, to] = namesOf(sides, hosts.keys());
  const [one, other] = places(sides);
  const { path, names, across } = sides.to === 'all' ? { ...one!, across: to } : { ...other!, across: from };
  if (sides.to !== 'all' && sides.from !== 'all') return [];
  return names.flatMap((host, index) => {
    if (networksOf(host).some((network) => across.flatMap(networksOf).includes(network))) return [];
    const message = `\`${host}\` shares no network with anybody`;
    return [{ path: [...path, index], message, hint: 'name the host from which it is cut off' }];
  });
}

/** `alice – echo`, `alice, bob > echo` */
function between({ from, to, ways, arp, machines }: Sides): string {
  const side = (hosts: Side) => (hosts === 'all' ? 'everyone else' : hosts.join(', '));
  return `${machines ? 'the machines ' : ''}${side(from)} ${ways === 'both' ? '–' : '>'} ${side(to)}${arp ? ', ARP kept' : ''}`;
}

/** Faults that do to a cable's frames what a link does: `loss`, `delay` and their like, alone or together. */
import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Impairment, Lacking, Matching, Stage } from '../../agent/protocol.ts';
import { printImpairment, printTally } from '../../model/link-words.ts';
import type { PlannedHost } from '../../model/planned.ts';
import type { CableTally } from '../../outcomes/made-fault.ts';
import {
  heldTooMany,
  IMPAIRMENTS,
  type ImpairmentWords,
  impairmentOf,
} from '../../scenario/networks/link.ts';
import type { Objection } from '../../scenario/vocabulary.ts';
import { all } from '../all.ts';
import { type Fault, type FaultKind, type LiveHosts, standing } from '../fault.ts';
import { type On, on, onObjections, onReferences, type Place, placesOf, printOn } from './on.ts';
import { matchingOf, type Only, only, onlyReferences } from './only.ts';
import { rateObjections, ratesHeld } from './rates.ts';

/** The keys beside the words. */
const BESIDE = {
  on: on.describe('The place of the fault.'),
  only: only.optional().describe('The frames that the fault is for. By default it is for every frame.'),
  seed: z
    .int()
    .min(0)
    .max(0xffff_ffff)
    .optional()
    .describe('Equal seeds draw equal numbers. Without it one is drawn and printed.'),
  queue: IMPAIRMENTS.queue.optional(),
} as const;

interface Where {
  on: On;
  only?: Only | undefined;
  seed?: number | undefined;
}

export type Impairing = ImpairmentWords & Where;

/** The words that may stand together, with what each does and an example. */
const WORDS = {
  delay: ['Delays every frame by this time.', 'fault: { delay: 50ms, on: [alice, echo], as: far }'],
  jitter: [
    'Varies the delay of frames, which stay in order.',
    'fault: { jitter: 10ms, delay: 50ms, on: alice, as: shaky }',
  ],
  loss: [
    'Loses a share of the frames, at random.',
    'fault: { loss: 30%, on: [alice, echo], seed: 7, as: lossy }',
  ],
  duplicate: ['Lets a share of the frames arrive twice.', 'fault: { duplicate: 10%, on: alice, as: twice }'],
  corrupt: ['Turns one bit in a share of the frames.', 'fault: { corrupt: 5%, on: alice, as: noisy }'],
  reorder: [
    'Lets a share of the frames be overtaken by the next one.',
    'fault: { reorder: 10%, on: alice, as: mixed }',
  ],
  rate: [
    'Lets only so many bits a second through.',
    'fault: { rate: 1Mbit/s, on: { out: alice }, as: slow }',
  ],
  mtu: [
    'Loses packets that are larger, and tells nobody.',
    'fault: { mtu: 1400, on: [alice, echo], as: narrow }',
  ],
} as const satisfies Partial<Record<keyof typeof IMPAIRMENTS, readonly [string, string]>>;
type Word = keyof typeof WORDS;
const TOGETHER = Object.keys(WORDS) as Word[];

const shared = impairing<Impairing>(({ on: _on, only: _only, seed: _seed, ...words }) => impairmentOf(words));

export const impairments: readonly FaultKind[] = TOGETHER.map(
  (word): FaultKind<Impairing, Impairing[Word]> => ({
    word,
    summary: WORDS[word][0],
    example: WORDS[word][1],
    schema: IMPAIRMENTS[word],
    beside: { shape: BESIDE, together: TOGETHER },
    ...shared,
    objections: (args, ...known) => [...(shared.objections?.(args, ...known) ?? []), ...tooMany(args)],
  }),
);

function tooMany(args: Impairing): Objection[] {
  const many = heldTooMany(args);
  return many ? [{ path: ['rate'], ...many }] : [];
}

type Shared<Args> = Pick<
  FaultKind<Args>,
  'references' | 'objections' | 'breaks' | 'lacking' | 'explain' | 'begin'
>;

/** The part that all faults of links share, given the impairment that one asks of a cable. */
export function impairing<Args extends Where>(impairment: (args: Args) => Impairment): Shared<Args> {
  const says = (args: Args) => `${printImpairment(impairment(args))} on ${printOn(args.on)}`;
  return {
    references: (args) => [
      ...(args.on ? onReferences(args.on) : []),
      ...(args.only ? onlyReferences('only', args.only) : []),
    ],
    objections: (args, hosts) => [
      ...onObjections(args.on, hosts),
      ...rateObjections(impairment(args), args.on, hosts),
    ],
    // Each is behind those that stand already, so none is in another's way; but only one can say how fast a cable is.
    breaks(args, hosts) {
      const limits = impairment(args).rate && !args.only;
      const holds = limits ? ratesHeld(args.on, hosts) : [];
      return { path: [], holds, state: limits ? 'limited' : 'impaired', undo: 'heal' };
    },
    lacking: (args, hosts) => lackingAt(placesOf(args.on, plansOf(hosts)), hosts),
    explain: says,
    async begin(args, hosts) {
      const seed = args.seed ?? randomInt(2 ** 32);
      const plans = plansOf(hosts);
      const matching = args.only ? matchingOf(args.only, plans) : {};
      const request = { impairment: impairment(args), seed, matching };
      const random = isRandom(request.impairment);
      const did = `${says(args)}${random ? ` (seed ${seed})` : ''}`;
      const drawn = random ? { seed } : {};
      return impair(did, placesOf(args.on, plans), { ...request, on: printOn(args.on), drawn }, hosts);
    },
  };
}

/** The capability that one of the hosts lacks for frames to be impaired there. */
export function lackingAt(places: readonly Place[], hosts: LiveHosts): Lacking | undefined {
  return places
    .map(({ host }) => hosts.get(host)!.capabilities)
    .flatMap(({ patch, offload, frames }) => [patch, offload, frames])
    .find((state): state is Lacking => state !== true);
}

export function plansOf(hosts: LiveHosts): PlannedHost[] {
  return [...hosts.values()].map(({ plan }) => plan);
}

function isRandom({ jitter, loss, duplicate, corrupt, reorder }: Impairment): boolean {
  return [jitter, loss, duplicate, corrupt, reorder].some((one) => one !== undefined);
}

export interface Request {
  impairment: Impairment;
  seed: number;
  matching: Matching;
  /** In words. */
  on: string;
  /** The seed, where one is of use. */
  drawn: { seed?: number };
}

/** It stands on every cable when this resolves; where one refuses, nothing stands anywhere. */
export async function impair(
  did: string,
  places: readonly Place[],
  { impairment, seed, matching, on, drawn }: Request,
  hosts: LiveHosts,
): Promise<Fault> {
  const id = randomUUID();
  const done: CableTally[] = [];
  const cards = [...Map.groupBy(places, ({ host, card }) => `${host} ${card}`).values()];
  const agentOf = (host: string) => hosts.get(host)!.agent;
  await sendWholeFrames(places, hosts);
  const relieve = async () => {
    const gone = await all(
      cards.map(async ([first]) => {
        const { host, card } = first!;
        const tallies = await agentOf(host).relieve({ card, id });
        return tallies.map((tally) => ({ ...tally, host, card }));
      }),
    );
    return gone.flat();
  };
  try {
    await all(
      cards.map((here) => {
        const { host, card } = here[0]!;
        const stages = here.map(
          ({ host: _host, card: _card, ...place }): Stage => ({
            id,
            impairment,
            seed,
            ...matching,
            ...place,
          }),
        );
        return agentOf(host).impair({ card, id, stages });
      }),
    );
  } catch (error) {
    await relieve().catch(() => {});
    throw error;
  }
  const some = Object.keys(matching).length > 0;
  const broke = { kind: 'impaired', id, places, on, impairment, some, ...drawn, done } as const;
  const heal = async () => {
    done.push(...(await relieve()));
    return `${did}: over, ${printTally(done)}`;
  };
  return standing(did, broke, heal, drawn, done);
}

/**
 * Every host of the networks concerned cuts its segments itself, so that frames are impaired one by one. It stays so: an
 * open cable hands on what it was given, and nobody finishes a checksum behind it.
 */
async function sendWholeFrames(places: readonly Place[], hosts: LiveHosts): Promise<void> {
  const networks = new Set(
    places.map(
      ({ host, card }) => hosts.get(host)!.plan.interfaces.find(({ name }) => name === card)!.network,
    ),
  );
  const senders = [...hosts.values()].filter(({ plan }) =>
    plan.interfaces.some(({ network, wholeFrames }) => networks.has(network) && !wholeFrames),
  );
  await all(senders.map(({ agent }) => agent.offloadOff()));
}

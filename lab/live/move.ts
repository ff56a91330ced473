/** A host of a lab that is up goes to another network: its engine, its own kernel and all who speak of it are told. */
import { isDeepStrictEqual } from 'node:util';
import { LINK } from '../agent/protocol.ts';
import { routesGiven } from '../engines/host-setup.ts';
import { LabError } from '../errors.ts';
import type { Plan, PlannedHost, PlannedInterface } from '../model/planned.ts';
import type { Scenario } from '../model/types.ts';
import { type Move, planMove } from '../plan/move.ts';
import type { LiveHost, Moved } from './host.ts';
import { takeLease } from './leases.ts';
import type { LiveLab } from './up.ts';

/** Moves are made one after the other. */
const last = new WeakMap<LiveLab, Promise<unknown>>();

/**
 * Resolves when the host is there, with the plan of the lab changed. A move that fails is undone. Throws LabError:
 * `scenario` where an address is taken, `agent` where nobody leases one, `unsupported` where the engine never can.
 */
export function moveHost(live: LiveLab, scenario: Scenario, move: Move): Promise<Moved> {
  const moved = (last.get(live) ?? Promise.resolve()).then(() => moveInTurn(live, scenario, move));
  last.set(
    live,
    moved.catch(() => {}),
  );
  return moved;
}

async function moveInTurn(live: LiveLab, scenario: Scenario, move: Move): Promise<Moved> {
  if (!live.network.move)
    throw new LabError('unsupported', `the engine ${live.engine} cannot move a host`, {
      hint: 'use another engine (lanlab engines)',
    });
  const before = live.plan;
  const to = planMove(before, scenario, move);
  const host = live.hosts.get(move.host)!;
  const was = cardOn(host.plan, move.from);
  const stages = carryOut(live, { host, card: was.name, from: move.from, to: move.to, before, after: to });
  try {
    for (const stage of stages) await stage();
  } catch (error) {
    await undo(
      live,
      { host, card: was.name, from: move.to, to: move.from, before: to, after: before },
      error,
    );
    throw error;
  }
  return { before: was, now: cardOn(host.plan, move.to) };
}

/** Every stage is tried, whichever fails. Throws LabError where one did: then the lab is not as it was. */
async function undo(live: LiveLab, back: Going, error: unknown): Promise<void> {
  const failed: unknown[] = [];
  for (const stage of carryOut(live, back)) await stage().catch((why: unknown) => failed.push(why));
  if (failed.length === 0) return;
  const [why, then] = [error, failed[0]].map((one) => (one instanceof Error ? one.message : String(one)));
  throw new LabError(
    error instanceof LabError ? error.code : 'agent',
    `${why}; and the move back to ${back.to} failed too: ${then}`,
    {
      hint: 'take the lab down: it may not be as its plan says any more',
      cause: error,
    },
  );
}

function cardOn({ interfaces }: PlannedHost, network: string): PlannedInterface {
  return interfaces.find((card) => card.network === network)!;
}

interface Going {
  host: LiveHost;
  card: string;
  from: string;
  to: string;
  /** The plans of the lab before the move and after it. */
  before: Plan;
  after: Plan;
}

/** The stages of a move, in their order. Nobody hears the host by its new address before everybody knows it. */
function carryOut(live: LiveLab, { host, card: name, from, to, before, after }: Going) {
  const hosts = after.hosts.map((one): Concerned => {
    const was = before.hosts.find(({ name }) => name === one.name)!;
    return { host: live.hosts.get(one.name)!, before: was, after: one };
  });
  const { after: its } = hosts.find((one) => one.host === host)!;
  const card = its.interfaces.find((one) => one.name === name)!;
  return [
    async () => {
      await host.agent.leave({ card: name });
      await live.network.move!({ host: host.name, card: name, network: to });
      await host.agent.readdress({ card, from, to, resolvers: its.resolvers ?? [] });
    },
    () => all(hosts.map(tell)),
    () => sendWholeFrames(hosts, to),
    async () => {
      for (const { host, after } of hosts) host.plan = after;
      live.plan = after;
      if (card.leased) await takeLease(host, card);
    },
  ];
}

/** As Promise.all, but none is still under way when it rejects. */
async function all(calls: Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(calls);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

/** A host, with its plan in the lab before the move and after it. */
interface Concerned {
  host: LiveHost;
  before: PlannedHost;
  after: PlannedHost;
}

/** Tells a host the new addresses, names, services and links. By the two plans, because a move may have been told in part. */
async function tell({ host, before, after }: Concerned): Promise<void> {
  const { agent } = host;
  if (!isDeepStrictEqual(namesOf(before), namesOf(after)))
    await host.renew({
      hostsFile: after.hostsFile,
      members: after.interfaces.map(({ members }) => members),
      routes: routesGiven(after),
    });
  if (!isDeepStrictEqual(before.serves, after.serves)) await agent.serve({ networks: after.serves ?? [] });
  for (const [index, card] of after.interfaces.entries()) {
    const { link, wholeFrames } = before.interfaces[index]!;
    if (card.wholeFrames && !wholeFrames) await agent.offloadOff();
    if (isDeepStrictEqual(link, card.link)) continue;
    if (card.link) await agent.impair({ card: card.name, id: LINK, stages: card.link });
    else await agent.relieve({ card: card.name, id: LINK });
  }
}

/** The host's cable may be open: it hands on what it is given, and nobody finishes a checksum behind it. */
async function sendWholeFrames(hosts: readonly Concerned[], network: string): Promise<void> {
  const senders = hosts.filter(({ host, after }) => {
    const card = after.interfaces.find((one) => one.network === network);
    return card && !card.wholeFrames && host.capabilities.offload === true;
  });
  await all(senders.map(({ host }) => host.agent.offloadOff()));
}

function namesOf({ hostsFile, interfaces, routes }: PlannedHost): unknown {
  const members = interfaces.map((card) => card.members);
  return { hostsFile, members, routes, networks: interfaces.map(({ network }) => network) };
}

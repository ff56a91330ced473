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
  try {
    await carryOut(live, to, { host, card: was.name, from: move.from, to: move.to });
  } catch (error) {
    await carryOut(live, before, { host, card: was.name, from: move.to, to: move.from }).catch(() => {});
    throw error;
  }
  return { before: was, now: cardOn(host.plan, move.to) };
}

function cardOn({ interfaces }: PlannedHost, network: string): PlannedInterface {
  return interfaces.find((card) => card.network === network)!;
}

interface Going {
  host: LiveHost;
  card: string;
  from: string;
  to: string;
}

/** Nobody hears the host by its new address before everybody knows it. */
async function carryOut(live: LiveLab, plan: Plan, { host, card: name, from, to }: Going): Promise<void> {
  const hosts = plan.hosts.map((after) => ({ host: live.hosts.get(after.name)!, after }));
  const { after } = hosts.find((one) => one.host === host)!;
  const card = after.interfaces.find((one) => one.name === name)!;
  await host.agent.leave({ card: name });
  await live.network.move!({ host: host.name, card: name, network: to });
  await host.agent.readdress({ card, from, to, resolvers: after.resolvers ?? [] });
  await Promise.all(hosts.map(tell));
  await sendWholeFrames(hosts, to);
  for (const { host, after } of hosts) host.plan = after;
  live.plan = plan;
  if (card.leased) await takeLease(host, card);
}

interface Concerned {
  host: LiveHost;
  after: PlannedHost;
}

/** Tells a host the new addresses, names, services and links. */
async function tell({ host, after }: Concerned): Promise<void> {
  const { plan, agent } = host;
  if (!isDeepStrictEqual(namesOf(plan), namesOf(after)))
    await host.renew({
      hostsFile: after.hostsFile,
      members: after.interfaces.map(({ members }) => members),
      routes: routesGiven(after),
    });
  if (!isDeepStrictEqual(plan.serves, after.serves)) await agent.serve({ networks: after.serves ?? [] });
  for (const [index, card] of after.interfaces.entries()) {
    const { link, wholeFrames } = plan.interfaces[index]!;
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
  await Promise.all(senders.map(({ host }) => host.agent.offloadOff()));
}

function namesOf({ hostsFile, interfaces, routes }: PlannedHost): unknown {
  const members = interfaces.map((card) => card.members);
  return { hostsFile, members, routes, networks: interfaces.map(({ network }) => network) };
}

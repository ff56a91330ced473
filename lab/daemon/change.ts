/** Changes a lab that is up to another plan. It touches only the parts that differ. */
import { isDeepStrictEqual } from 'node:util';
import type { UpOptions } from '../engines/engine.ts';
import { routesGiven } from '../engines/host-setup.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../live/host.ts';
import { takeLease } from '../live/leases.ts';
import { connect, type LiveLab, setUpHost, startPrograms, untilAborted } from '../live/up.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';
import { applyDiff, comingOf, goingOf, type PlanDiff, without } from './diff.ts';

/**
 * Removes hosts and networks first, then adds. A host that is only told of the others keeps its program and its
 * connections. If the new parts do not come up, they are taken down again, and `live.plan` is the plan of the rest.
 */
export async function changeLab(live: LiveLab, diff: PlanDiff, options: UpOptions): Promise<void> {
  const to = applyDiff(live.plan, diff);
  const going = goingOf(diff);
  await removePart(live, going, options);
  live.plan = without(live.plan, going);
  const hosts = await addPart(live, diff, to, options);
  const all = new Map([...live.hosts.values(), ...hosts].map((host) => [host.name, host]));
  live.hosts = new Map(to.hosts.map(({ name }) => [name, all.get(name)!]));
  for (const plan of to.hosts) all.get(plan.name)!.plan = plan;
  live.plan = to;
}

async function removePart(
  live: LiveLab,
  going: { hosts: string[]; networks: string[] },
  { progress }: UpOptions,
): Promise<void> {
  if (going.hosts.length + going.networks.length === 0) return;
  progress(`taking down ${[...going.hosts, ...going.networks].join(', ')}`);
  // From now on nobody finds these hosts, also if taking them down fails.
  const gone = going.hosts.flatMap((name) => live.hosts.get(name) ?? []);
  live.hosts = new Map([...live.hosts].filter(([name]) => !going.hosts.includes(name)));
  await live.network.remove(going);
  for (const { events } of gone) events.end();
}

/** Every host knows a new host before the program of the new host starts. */
async function addPart(live: LiveLab, diff: PlanDiff, to: Plan, options: UpOptions): Promise<LiveHost[]> {
  const coming = comingOf(diff);
  const { network, certificates } = live;
  const names = (items: { name: string }[]) => items.map(({ name }) => name);
  if (coming.hosts.length + coming.networks.length > 0) {
    await network.add({ ...coming, hosts: await certificates.fill(coming.hosts) }, options);
  }
  try {
    const work = (async () => {
      options.progress('cards, addresses and names');
      const hosts = await Promise.all(coming.hosts.map((host) => setUpHost(host, live)));
      const renewed = diff.hosts.renewed.map(({ name }) => {
        const host = live.hosts.get(name)!;
        return { host, before: host.plan, plan: to.hosts.find((one) => one.name === name)! };
      });
      await Promise.all(renewed.map(renew));
      await connect(hosts, options.progress);
      await Promise.all(renewed.map(renewLeases));
      if (hosts.some(({ plan }) => plan.program)) options.progress('programs');
      await startPrograms(hosts);
      return hosts;
    })();
    return await untilAborted(options.signal, work);
  } catch (error) {
    await network.remove({ hosts: names(coming.hosts), networks: names(coming.networks) });
    throw partly(error, live.plan);
  }
}

interface Renewed {
  host: LiveHost;
  before: PlannedHost;
  plan: PlannedHost;
}

async function renew({ host, before, plan }: Renewed): Promise<void> {
  const members = plan.interfaces.map((card) => card.members);
  await host.renew({ hostsFile: plan.hostsFile, members, routes: routesGiven(plan) });
  if (!isDeepStrictEqual(before.serves, plan.serves)) await host.agent.serve({ networks: plan.serves ?? [] });
}

/** A card that must learn something else by DHCP asks again. */
async function renewLeases({ host, before, plan }: Renewed): Promise<void> {
  const others = plan.interfaces.filter(
    ({ leased }, index) => leased && !isDeepStrictEqual(leased, before.interfaces[index]?.leased),
  );
  await Promise.all(others.map((card) => takeLease(host, card, 'renew')));
}

/** The error, with the hosts that are still up in its hint. */
function partly(error: unknown, { hosts }: Plan): unknown {
  if (!(error instanceof LabError)) return error;
  const left = hosts.map(({ name }) => name).join(', ') || 'no host';
  const hint = [error.hint, `correct the mistake and run it again; still up: ${left}`]
    .filter(Boolean)
    .join('; ');
  return new LabError(error.code, error.message, { where: error.where, hint, cause: error });
}

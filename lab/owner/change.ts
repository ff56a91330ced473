/** Makes a lab that is up another, by touching only what is otherwise. */
import type { UpOptions } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import type { LiveHost } from '../host.ts';
import type { Plan } from '../scenario/planned.ts';
import { type LiveLab, setUpHost, startPrograms, untilAborted } from '../up.ts';
import { applyDiff, comingOf, goingOf, type PlanDiff, type Renewal, without } from './diff.ts';

/**
 * First what goes, then what comes; a host that is only told of the others keeps its program and its connections.
 * If what comes does not come up, it is taken down again, and `live.plan` is what is left.
 */
export async function changeLab(live: LiveLab, diff: PlanDiff, options: UpOptions): Promise<void> {
  const to = applyDiff(live.plan, diff);
  const going = goingOf(diff);
  await removePart(live, going, options);
  live.plan = without(live.plan, going);
  const hosts = await addPart(live, diff, options);
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
  // From now on nobody finds them, also if taking them down fails.
  const gone = going.hosts.flatMap((name) => live.hosts.get(name) ?? []);
  live.hosts = new Map([...live.hosts].filter(([name]) => !going.hosts.includes(name)));
  await live.network.remove(going);
  for (const { events } of gone) events.end();
}

/** Before a new program says its first word, everyone knows its host. */
async function addPart(live: LiveLab, diff: PlanDiff, options: UpOptions): Promise<LiveHost[]> {
  const coming = comingOf(diff);
  const { network, journal } = live;
  const names = (items: { name: string }[]) => items.map(({ name }) => name);
  if (coming.hosts.length + coming.networks.length > 0) await network.add(coming, options);
  try {
    const work = (async () => {
      options.progress('cards, addresses and names');
      const hosts = await Promise.all(coming.hosts.map((host) => setUpHost(host, network, journal)));
      await Promise.all(diff.hosts.renewed.map((renewal) => renew(live, renewal)));
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

async function renew(live: LiveLab, { name, hostsFile, members, routes }: Renewal): Promise<void> {
  await live.hosts.get(name)!.agent.renew({ hostsFile, members, routes });
}

/** What is up now, beside what went wrong. */
function partly(error: unknown, { hosts }: Plan): unknown {
  if (!(error instanceof LabError)) return error;
  const left = hosts.map(({ name }) => name).join(', ') || 'no host';
  const mend = [error.mend, `put it right and do it again; still up: ${left}`].filter(Boolean).join('; ');
  return new LabError(error.code, error.message, { where: error.where, mend, cause: error });
}

/** Everything of a lab is found by its label, so taking it down needs no memory of what was made. */
import type Docker from 'dockerode';
import { sideBySide } from '../side-by-side.ts';
import { asked, reasonOf, statusOf } from './connection.ts';
import { HOST, isDead, LAB, OWNER } from './labels.ts';

const REMOVALS_AT_ONCE = 16;

/**
 * Removes containers, networks and volumes of the lab with this id. An object that somebody else has removed is no error. An
 * object that cannot be removed does not stop the removal of others. A killed owner's last calls may still be under way in
 * the engine, and put a host on a network that is being removed. So removal is tried again as long as the lab changes.
 */
export async function takeDown(docker: Docker, id: string): Promise<void> {
  await asked(`take down the lab ${id}`, async () => {
    for (let before: string | undefined; ; ) {
      const { found, failures } = await removeAllOf(docker, id);
      if (failures.length === 0) return;
      if (found === before) throw failures[0];
      before = found;
    }
  });
}

/** `found`: all that there was to remove. */
async function removeAllOf(docker: Docker, id: string): Promise<{ found: string; failures: unknown[] }> {
  const filters = { label: [`${LAB}=${id}`] };
  const found: string[] = [];
  const failures: unknown[] = [];
  const removeAll = async (names: string[], remove: (name: string) => Promise<void>) => {
    found.push(...names);
    const noted = (name: string) => remove(name).catch((error) => void failures.push(error));
    await sideBySide(names, REMOVALS_AT_ONCE, noted);
  };
  const containers = await docker.listContainers({ all: true, filters });
  await removeAll(containers.map(idOf), (name) => removeContainer(docker, name));
  const networks = await docker.listNetworks({ filters });
  await removeAll(networks.map(idOf), (name) => unlessGone(docker.getNetwork(name).remove()));
  const { Volumes } = await docker.listVolumes({ filters });
  const volumes = (Volumes ?? []).map(({ Name }) => Name);
  await removeAll(volumes, (name) => unlessGone(docker.getVolume(name).remove()));
  return { found: found.sort().join(' '), failures };
}

const idOf = ({ Id }: { Id: string }) => Id;

/** Removes these hosts, with their programs and volumes, and then the networks with these names; nothing else of the lab. */
export async function takeDownPart(
  docker: Docker,
  id: string,
  part: { hosts: string[]; networks: string[] },
): Promise<void> {
  const filters = { label: [`${LAB}=${id}`] };
  const theirs = (labels: Record<string, string> | undefined) => part.hosts.includes(labels?.[HOST] ?? '');
  await asked(`take down a part of the lab ${id}`, async () => {
    const containers = await docker.listContainers({ all: true, filters });
    const gone = containers.filter(({ Labels }) => theirs(Labels));
    await sideBySide(gone, REMOVALS_AT_ONCE, ({ Id }) => removeContainer(docker, Id));
    const networks = (await docker.listNetworks({ filters })).filter(({ Name }) =>
      part.networks.includes(Name),
    );
    await sideBySide(networks, REMOVALS_AT_ONCE, ({ Id }) => unlessGone(docker.getNetwork(Id).remove()));
    const { Volumes } = await docker.listVolumes({ filters });
    const left = (Volumes ?? []).filter(({ Labels }) => theirs(Labels));
    await sideBySide(left, REMOVALS_AT_ONCE, ({ Name }) => unlessGone(docker.getVolume(Name).remove()));
  });
}

/** Resolves once the container is gone, also where somebody else removed it. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (statusOf(error) === 404) return;
    if (!/already in progress/.test(reasonOf(error))) throw error;
    await unlessGone(container.wait({ condition: 'removed' }));
  }
}

/** Takes down the labs whose owners have ended, and says which. Labs of living owners and of other machines are left. */
export async function sweepWith(docker: Docker): Promise<string[]> {
  const dead = await asked('look for what earlier labs left', () => deadLabs(docker));
  const downs = await Promise.allSettled(dead.map((id) => takeDown(docker, id)));
  const failed = downs.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return dead;
}

async function deadLabs(docker: Docker): Promise<string[]> {
  const filters = { label: [OWNER] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const labels = [...containers, ...networks, ...(Volumes ?? [])].map((each) => each.Labels ?? {});
  const dead = labels.filter((each) => each[LAB] && isDead(each[OWNER] ?? ''));
  return [...new Set(dead.map((each) => each[LAB] as string))];
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

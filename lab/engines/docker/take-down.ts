/** Everything of a lab is found by its label, so taking it down needs no memory of what was made. */
import type Docker from 'dockerode';
import { asked, reasonOf, statusOf } from './connection.ts';
import { HOST, isDead, LAB, OWNER } from './labels.ts';
import { sideBySide } from './side-by-side.ts';

const REMOVALS_AT_ONCE = 16;

/**
 * Removes containers, networks and volumes of the lab with this id. What somebody else removes meanwhile is no error;
 * what cannot be removed keeps nothing else from being.
 */
export async function takeDown(docker: Docker, id: string): Promise<void> {
  const filters = { label: [`${LAB}=${id}`] };
  const failures: unknown[] = [];
  const removeAll = <T>(items: T[], remove: (item: T) => Promise<void>) =>
    sideBySide(items, REMOVALS_AT_ONCE, (each) => remove(each).catch((error) => void failures.push(error)));
  await asked(`take down the lab ${id}`, async () => {
    const containers = await docker.listContainers({ all: true, filters });
    await removeAll(containers, ({ Id }) => removeContainer(docker, Id));
    const networks = await docker.listNetworks({ filters });
    await removeAll(networks, ({ Id }) => unlessGone(docker.getNetwork(Id).remove()));
    const { Volumes } = await docker.listVolumes({ filters });
    await removeAll(Volumes ?? [], ({ Name }) => unlessGone(docker.getVolume(Name).remove()));
    if (failures.length > 0) throw failures[0];
  });
}

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

/** Resolves once it is gone, whoever removed it. */
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

/** Takes down the labs whose owners have ended, and says which. Labs of the living and of other machines are left. */
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

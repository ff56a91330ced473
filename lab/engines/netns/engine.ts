/** Hosts as bare Linux network namespaces: no Docker, no root where the kernel allows it. */
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { LabError } from '../../errors.ts';
import type { Plan, PlannedNetwork } from '../../model/planned.ts';
import { type Engine, type EngineReport, type LiveNetwork, ONE_MACHINE, type UpOptions } from '../engine.ts';
import { sweepFolders } from '../lab-folders.ts';
import { newLabId } from '../lab-id.ts';
import { begunFor, tried } from './begin.ts';
import { liveNetwork } from './live.ts';
import { isMachinesRoot, MACHINE_ROOT_HINT } from './modes.ts';
import { commandFolders } from './paths.ts';
import { sweepGroups } from './processor.ts';

const NEVER = {
  images: 'a namespace runs programs of this machine',
  internet:
    "namespaces have no way out of the lab: only root could give them one, through the machine's own firewall",
  machines: ONE_MACHINE,
};

export function netnsEngine(): Engine {
  // Namespaces end with their owner: there is nothing of them to sweep, only control groups, and folders of other engines' labs.
  const sweep = async (ids: string[]) => {
    sweepGroups();
    return [...new Set([...ids, ...(await sweepFolders())])];
  };
  return { name: 'netns', never: NEVER, probe, unsupported, up, sweep };
}

/** Tries to make a veth pair in a namespace: some kernels let a namespace be made, but refuse all changes in it. */
async function probe(): Promise<EngineReport> {
  const begun = await tried().catch((error: LabError) => error);
  if (begun instanceof LabError)
    return { name: 'netns', lacking: { why: begun.message, hint: begun.hint ?? '' } };
  if ('complaint' in begun) return { name: 'netns', lacking: lacking(begun.complaint) };
  return { name: 'netns', version: `${begun.mode.name}, Linux ${release()}` };
}

function lacking(why: string): NonNullable<EngineReport['lacking']> {
  return {
    why,
    hint:
      'needs Linux 5.12 or newer with iproute2 and util-linux, found by PATH; for an ordinary user, user namespaces must be allowed ' +
      '(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or run as root; ' +
      `for root they must be allowed too (sysctl user.max_user_namespaces)${process.getuid?.() === 0 && isMachinesRoot() ? `, ${MACHINE_ROOT_HINT}` : ''}`,
  };
}

/** This folder exists where the kernel has IPv6. */
const IPV6 = '/proc/sys/net/ipv6/conf';

function speaksIpv6({ subnets }: PlannedNetwork): boolean {
  return subnets.some(({ family }) => family === 'ipv6');
}

function unsupported(plan: Plan): string[] {
  const images = plan.hosts.filter(({ program }) => program?.kind === 'image');
  const open = plan.networks.filter(({ internet }) => internet);
  const six = existsSync(IPV6) ? [] : plan.networks.filter(speaksIpv6);
  const unreachable = plan.hosts.flatMap(({ name, files }) =>
    files.filter(({ path }) => topIsMissing(path)).map(({ path }) => `${name}: ${path}`),
  );
  return [
    ...images.map(({ name }) => `host ${name} is an image; ${NEVER.images}`),
    ...open.map(({ name }) => `network ${name} leads to the internet; ${NEVER.internet}`),
    ...six.map(
      ({ name }) => `network ${name} has IPv6; the kernel of this machine has none (ipv6.disable=1)`,
    ),
    ...unreachable.map((file) => `${file}: its top folder is not on this machine, put it under /srv or /tmp`),
  ];
}

/** A new top folder cannot be made, because no layer can be laid over the whole tree. */
function topIsMissing(path: string): boolean {
  const [, top = ''] = dirname(path).split('/');
  return top === '' || !existsSync(`/${top}`);
}

async function up(plan: Plan, options: UpOptions): Promise<LiveNetwork> {
  const begun = await begunFor(commandFolders(plan));
  if ('complaint' in begun)
    throw new LabError('no-engine', `namespaces cannot be made here: ${begun.complaint}`, {
      hint: lacking('').hint,
    });
  const { holder, told, capabilities } = begun;
  try {
    sweepGroups();
    for (const id of await sweepFolders()) options.progress(`removed what ${id} had left`);
    options.signal.throwIfAborted();
    const network = liveNetwork(options.id ?? newLabId(plan.lab), holder, told, capabilities);
    await network.add(plan, options);
    return network;
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

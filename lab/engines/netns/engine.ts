/** Hosts as bare Linux network namespaces: no Docker, no root where the kernel allows it. */
import { existsSync, mkdirSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import type { Capabilities } from '../../agent/protocol.ts';
import { LabError } from '../../errors.ts';
import { fewDescriptors } from '../../few-descriptors.ts';
import type { Plan, PlannedNetwork } from '../../scenario/planned.ts';
import type { Engine, EngineReport, LiveNetwork, UpOptions } from '../engine.ts';
import { newLabId } from '../lab-id.ts';
import { stateFolder } from '../state-folder.ts';
import { type Holder, hold } from './hold.ts';
import { liveNetwork, Told } from './live.ts';
import { isMachinesRoot, MACHINE_ROOT_MEND, type Mode, modes } from './modes.ts';
import { commandFolders, isShut, keptFolders } from './paths.ts';

const NEVER = {
  images: 'a namespace runs programs of this machine',
  internet:
    "namespaces have no way out of the lab: only root could give them one, through the machine's own firewall",
};

export function netnsEngine(): Engine {
  // Namespaces end with their owner: there is nothing to sweep.
  return { name: 'netns', never: NEVER, probe, unsupported, up, sweep: async (ids) => ids };
}

/** Found out by making a veth pair in a namespace: some kernels let one be made and give no power in it. */
async function probe(): Promise<EngineReport> {
  if (spare && alive(spare)) return answering(spare);
  const begun = await begin().catch((error: LabError) => error);
  if (begun instanceof LabError)
    return { name: 'netns', lacking: { why: begun.message, mend: begun.mend ?? '' } };
  if ('complaint' in begun) return { name: 'netns', lacking: lacking(begun.complaint) };
  if (spare && alive(spare)) await begun.holder[Symbol.asyncDispose]();
  else {
    // Nobody waits for it: it ends with us if no lab takes it.
    begun.holder.idle(true);
    spare = begun;
  }
  return answering(begun);
}

function answering({ holder }: Begun): EngineReport {
  return { name: 'netns', version: `${holder.mode.name}, Linux ${release()}` };
}

function lacking(why: string): NonNullable<EngineReport['lacking']> {
  return {
    why,
    mend:
      'needs Linux 5.12 or newer with iproute2 and util-linux; for an ordinary user, user namespaces must be allowed ' +
      '(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or run as root; ' +
      `for root they must be allowed too (sysctl user.max_user_namespaces)${process.getuid?.() === 0 && isMachinesRoot() ? `, ${MACHINE_ROOT_MEND}` : ''}`,
  };
}

interface Begun {
  holder: Holder;
  told: Told;
  capabilities: Capabilities;
}

/** What was found out by doing is kept for the lab that mostly follows. */
let spare: Begun | undefined;

function alive({ holder: { child } }: Begun): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** The one that was left over where that sees all these folders, else one of its own. */
async function beginFor(programs: readonly string[]): Promise<Begun | { complaint: string }> {
  if (!spare || programs.some(isShut)) return begin(programs);
  // Nobody else takes it from now on.
  const left = spare;
  spare = undefined;
  if (!alive(left)) return begin(programs);
  left.holder.idle(false);
  return left;
}

/** The first process of a lab without hosts, in the first mode that works. Throws LabError for want of descriptors. */
async function begin(programs: readonly string[] = []): Promise<Begun | { complaint: string }> {
  const keep = [...(await keptFolders()), ...programs];
  let complaint = '';
  for (const mode of modes()) {
    try {
      return await beginIn(mode, keep);
    } catch (error) {
      const few = fewDescriptors(error);
      if (few) throw few;
      complaint ||= (error as Error).message;
    }
  }
  return { complaint };
}

async function beginIn(mode: Mode, keep: readonly string[]): Promise<Begun> {
  const told = new Told();
  const holder = await hold(mode, keep, told.calls);
  try {
    return {
      holder,
      told,
      capabilities: await holder.init.begin({ keep, hide: [stateFolder()], lock: mode.ids !== 'none' }),
    };
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

/** There where the kernel has the family. */
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

/** Nothing can be laid over a whole tree. */
function topIsMissing(path: string): boolean {
  const [, top = ''] = dirname(path).split('/');
  return top === '' || !existsSync(`/${top}`);
}

/** What is there can be hidden: another command may put the socket of its lab there while this one is up. */
function makeHidden(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Then no lab of this user can have a socket in it either.
  }
}

async function up(plan: Plan, options: UpOptions): Promise<LiveNetwork> {
  makeHidden(stateFolder());
  const begun = await beginFor(commandFolders(plan));
  if ('complaint' in begun)
    throw new LabError('no-engine', `namespaces cannot be made here: ${begun.complaint}`, {
      mend: lacking('').mend,
    });
  const { holder, told, capabilities } = begun;
  try {
    options.signal.throwIfAborted();
    const network = liveNetwork(options.id ?? newLabId(plan.lab), holder, told, capabilities);
    await network.add(plan, options);
    return network;
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

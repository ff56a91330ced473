/** Hosts as bare Linux network namespaces: no Docker, no root where the kernel allows it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import type { Duplex } from 'node:stream';
import { LabError } from '../../errors.ts';
import type { Plan, PlannedHost, PlannedNetwork } from '../../scenario/planned.ts';
import type { Engine, EngineReport, LiveNetwork, UpOptions } from '../engine.ts';
import { newLabId } from '../lab-id.ts';
import { agentStream } from './agent-stream.ts';
import { hostFilesScript, layerFor } from './host-files.ts';
import { ENVIRONMENT, type Holder, hold, inside, type Mode, modes } from './namespace.ts';
import { agentPath, keptFolders } from './paths.ts';
import { ownerFile, startProgram } from './program.ts';
import { Cabling } from './topology.ts';

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
  const found = await workingMode();
  if ('name' in found) return { name: 'netns', version: `${found.name}, Linux ${release()}` };
  return {
    name: 'netns',
    lacking: {
      why: found.complaint,
      mend:
        'needs Linux with iproute2 and util-linux; for an ordinary user, user namespaces must be allowed ' +
        '(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or run as root',
    },
  };
}

async function workingMode(): Promise<Mode | { complaint: string }> {
  let complaint = '';
  for (const mode of modes()) {
    try {
      await using holder = await hold(mode);
      await inside(
        holder,
        ['ip', '-batch', '-'],
        'netns add probe\nlink add name probe0 type veth peer name probe1 netns probe\n',
      );
      return mode;
    } catch (error) {
      complaint ||= wordsOf(error);
    }
  }
  return { complaint };
}

function wordsOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `there is no \`${path ?? 'unshare'}\` here` : message;
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
    files.filter(({ path }) => layerFor(path) === '/').map(({ path }) => `${name}: ${path}`),
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

async function up(plan: Plan, options: UpOptions): Promise<LiveNetwork> {
  const mode = await workingMode();
  if ('complaint' in mode)
    throw new LabError('no-engine', `namespaces cannot be made here: ${mode.complaint}`);
  options.signal.throwIfAborted();
  const holder = await hold(mode);
  const network = liveNetwork(options.id ?? newLabId(plan.lab), holder);
  try {
    await network.add(plan, options);
    return network;
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

interface Agent {
  stream: Duplex;
  /** Settles when its process has ended. */
  gone: Promise<unknown>;
}

function liveNetwork(id: string, holder: Holder): LiveNetwork {
  const cabling = new Cabling();
  const agents = new Map<string, Agent>();
  const remove: LiveNetwork['remove'] = async ({ hosts, networks }) => {
    await Promise.all(hosts.map((host) => endHost(holder, host, agents.get(host))));
    for (const host of hosts) agents.delete(host);
    await batch(holder, cabling.unplug({ hosts, networks }), '-force');
  };
  return {
    id,
    stream: (host) => agents.get(host)!.stream,
    start: async (host, output) => startProgram(holder, host, output),
    add: async (part, { progress, signal }) => {
      progress(`making networks (${part.networks.length}) and hosts (${part.hosts.length})`);
      try {
        await batch(holder, cabling.plugIn(part));
        signal.throwIfAborted();
        for (const host of part.hosts) agents.set(host.name, startAgent(holder, host));
      } catch (error) {
        const names = (items: { name: string }[]) => items.map(({ name }) => name);
        await remove({ hosts: names(part.hosts), networks: names(part.networks) }).catch(() => {});
        throw error;
      }
    },
    remove,
    [Symbol.asyncDispose]: () => holder[Symbol.asyncDispose](),
  };
}

/** With `-force`, what cannot be done keeps nothing else from being done. */
async function batch(holder: Holder, lines: string[], ...options: '-force'[]): Promise<void> {
  if (lines.length > 0) await inside(holder, ['ip', ...options, '-batch', '-'], `${lines.join('\n')}\n`);
}

/** Its agent is the first process of its namespaces: with it every process of the host ends. */
async function endHost(holder: Holder, host: string, agent: Agent | undefined): Promise<void> {
  const file = ownerFile(host);
  const script = `if [ -s ${file} ]; then kill -KILL "$(cat ${file})" 2>/dev/null; rm -f ${file}; fi; true`;
  agent?.stream.end();
  await inside(holder, ['sh', '-c', script]);
  await agent?.gone;
}

/** The agent is the first process of the host's own namespaces; the one that made them is noted as their owner. */
function startAgent(holder: Holder, host: PlannedHost): Agent {
  const layers = [...new Set(host.files.flatMap(({ path }) => layerFor(path) ?? []))];
  const script = hostFilesScript(host.name, keptFolders(), layers);
  const argv = [
    ...['nsenter', `--net=/run/netns/${host.name}`, 'unshare', '--mount', '--uts', '--pid', '--fork'],
    ...['--kill-child', '--mount-proc', '--', 'sh', '-c', script, 'sh', process.execPath, agentPath],
  ];
  const noted = `echo $$ > ${ownerFile(host.name)}; exec "$@"`;
  const child = spawn('nsenter', [...holder.enter, 'sh', '-c', noted, 'sh', ...argv], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: ENVIRONMENT,
    cwd: '/',
    detached: true,
  });
  const gone = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  return { stream: agentStream(child, host.name), gone };
}

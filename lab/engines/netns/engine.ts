/** Hosts as bare Linux network namespaces: no Docker, no root where the kernel allows it. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { release } from 'node:os';
import type { Duplex } from 'node:stream';
import { LabError } from '../../errors.ts';
import type { Plan, PlannedHost } from '../../scenario/planned.ts';
import type { Engine, EngineReport, LiveNetwork, UpOptions } from '../engine.ts';
import { agentStream } from './agent-stream.ts';
import { hostFilesScript, layerFor } from './host-files.ts';
import { ENVIRONMENT, type Holder, hold, inside, type Mode, modes } from './namespace.ts';
import { agentPath, keptFolders } from './paths.ts';
import { ownerFile, startProgram } from './program.ts';
import { cableLines, namespaceLines } from './topology.ts';

export function netnsEngine(): Engine {
  return { name: 'netns', probe, unsupported, up };
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

function unsupported(plan: Plan): string[] {
  const images = plan.hosts.filter(({ program }) => program?.kind === 'image');
  const unreachable = plan.hosts.flatMap(({ name, files }) =>
    files.filter(({ path }) => layerFor(path) === '/').map(({ path }) => `${name}: ${path}`),
  );
  return [
    ...images.map(({ name }) => `host ${name} is an image; a namespace runs programs of this machine`),
    ...unreachable.map((file) => `${file}: its top folder is not on this machine, put it under /srv or /tmp`),
  ];
}

async function up(plan: Plan, { progress, signal }: UpOptions): Promise<LiveNetwork> {
  const mode = await workingMode();
  if ('complaint' in mode)
    throw new LabError('no-engine', `namespaces cannot be made here: ${mode.complaint}`);
  signal.throwIfAborted();
  const holder = await hold(mode);
  try {
    progress(`${plan.hosts.length} hosts on ${plan.networks.length} networks`);
    await inside(
      holder,
      ['ip', '-batch', '-'],
      `${[...namespaceLines(plan), ...cableLines(plan)].join('\n')}\n`,
    );
    signal.throwIfAborted();
    const streams = new Map(plan.hosts.map((host) => [host.name, startAgent(holder, host)]));
    return liveNetwork(plan, holder, streams);
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

function liveNetwork(plan: Plan, holder: Holder, streams: Map<string, Duplex>): LiveNetwork {
  return {
    id: `${plan.lab}-${randomBytes(3).toString('hex')}`,
    stream: (host) => streams.get(host)!,
    start: async (host, output) => startProgram(holder, host, output),
    [Symbol.asyncDispose]: async () => {
      await holder[Symbol.asyncDispose]();
    },
  };
}

/** The agent is the first process of the host's own namespaces; the one that made them is noted as their owner. */
function startAgent(holder: Holder, host: PlannedHost): Duplex {
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
  return agentStream(child, host.name);
}

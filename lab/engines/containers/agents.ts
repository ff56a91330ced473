/**
 * A host on Docker is the container of its agent: attached to the host's networks, and ending with our connection to it.
 * Until its first call a shell waits in the agent's place, so a host without calls costs no Node.
 */
import { readFile } from 'node:fs/promises';
import { type Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import { materialise } from '../../model/bytes.ts';
import type { PlannedHost, PlannedInterface } from '../../model/planned.ts';
import { FILE_MODE } from '../../model/types.ts';
import { putCablesAhead } from '../ahead.ts';
import { toldAddress } from '../bridge-options.ts';
import { attach, standardStreams } from './attach.ts';
import { asked } from './connection.ts';
import { disk } from './disk.ts';
import { type Lab, labelsOf } from './labels.ts';
import { networkName } from './networks.ts';
import { tar } from './tar.ts';

/** Bytes of an agent's standard error that the error of its end shows. */
const LAST_WORDS = 4096;
/** Milliseconds in which agents must end by themselves: for all together, and for each removal of a container. */
const IN_ORDER = 2_000;
const EACH = 200;

/**
 * Waits for one line (`WAKE`) and reads no byte more. If the input ends before this line, the host ends. At its end a host
 * takes its own cards away, all hosts at once: the engine would do it after them, one by one.
 */
const SCRIPT = `read -r _ && "$@"
for card in /sys/class/net/*; do echo "link del dev \${card##*/}"; done | ip -force -batch - 2>/dev/null`;
const WAITING = ['sh', '-c', SCRIPT, 'sh'];
const WAKE = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);

export interface Agent {
  /** The container's id. */
  id: string;
  stream: Duplex;
  /** Docker's names of the networks on which it began. */
  home: readonly string[];
}

/**
 * The host joins the network, and leaves those on which it was a guest. It stays on those on which it began: its cards there wait
 * for it, and Docker would take the host's own card of the same name. A guest's card has a name that no other card has.
 */
export async function moveAgent(docker: Docker, { id, home }: Agent, network: string): Promise<void> {
  await asked(`lead a host into ${network}`, async () => {
    const { NetworkSettings } = await docker.getContainer(id).inspect();
    const joined = Object.keys(NetworkSettings.Networks);
    if (!joined.includes(network)) await docker.getNetwork(network).connect({ Container: id });
    const left = joined.filter((one) => one !== network && !home.includes(one));
    for (const one of left) await docker.getNetwork(one).disconnect({ Container: id });
  });
}

export interface AgentImage {
  reference: string;
  /** The command that the image starts by itself: the agent. */
  argv: readonly string[];
}

/** Why the engine itself is gone; undefined where it is there. */
export type WhyLost = () => Promise<LabError | undefined>;

/** Creates, attaches to and starts the agent of a host. `lost` is asked when the agent ends by itself. */
export async function startAgent(
  docker: Docker,
  lab: Lab,
  host: PlannedHost,
  image: AgentImage,
  lost: WhyLost,
): Promise<Agent> {
  return asked(`bring up the host ${host.name}`, async () => {
    const container = await docker.createContainer(agentContainer(lab, host, image));
    if (!host.program) await putFiles(container, '/', host.files);
    const stream = agentStream(host.name, await attach(container, true), lost);
    try {
      await container.start();
      // Its first call comes as soon as all hosts are up, so it loads while the others come up.
      if (host.program) stream.write(NOTHING);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    const home = host.interfaces.map(({ network }) => networkName(lab, network));
    return { id: container.id, stream, home };
  });
}

/**
 * The thread of this agent that carries frames goes ahead of others. From outside, so that the container needs no
 * CAP_SYS_NICE, which its commands would have too. Rejects where the engine is on another machine, or where the lab
 * does not run as root.
 */
export async function putAgentAhead(docker: Docker, { id }: Agent): Promise<void> {
  const { State } = await docker.getContainer(id).inspect();
  const groups = await readFile(`/proc/${State.Pid}/cgroup`, 'utf8');
  // A number alone may be that of a process on another machine.
  if (groups.includes(id)) await putCablesAhead(State.Pid);
}

/** Lets agents end by the end of their input, and resolves when the engine has removed them, or has had long enough. */
export async function endAgents(docker: Docker, agents: readonly Agent[]): Promise<void> {
  const limit = AbortSignal.timeout(IN_ORDER + agents.length * EACH);
  const removed = agents.map(({ id, stream }) => {
    stream.destroy();
    const options = { condition: 'removed' as const, abortSignal: limit };
    // The agent is gone already, or does not end: the removal of the lab finds it by its label.
    return docker
      .getContainer(id)
      .wait(options)
      .catch(() => {});
  });
  await Promise.all(removed);
}

function agentContainer(lab: Lab, host: PlannedHost, image: AgentImage): Docker.ContainerCreateOptions {
  return {
    name: `lanlab-${lab.id}-${host.name}`,
    Image: image.reference,
    Entrypoint: [...WAITING, ...image.argv],
    Hostname: host.name,
    Labels: labelsOf(lab, host.name),
    Tty: false,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    // With these two its input ends when our connection ends in any way. Then it ends, and AutoRemove removes it.
    OpenStdin: true,
    StdinOnce: true,
    // The shell, as process 1, would hear no other signal, and a stop of the engine would wait for each host.
    StopSignal: 'SIGKILL',
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      AutoRemove: true,
      NetworkMode: host.interfaces[0] ? networkName(lab, host.interfaces[0].network) : 'none',
      // In addition to Docker's own: the agent is root of its host, as in a namespace. Programs get none of them.
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      Sysctls: sysctls(host),
      Mounts: disk(lab, host),
      LogConfig: { Type: 'none', Config: {} },
    },
    NetworkingConfig: { EndpointsConfig: endpoints(lab, host) },
  };
}

/** `/proc/sys` is read-only inside, so the network stack is configured here. No IPv6 unless asked for. */
function sysctls(host: PlannedHost): Record<string, string> {
  const asked = Object.entries(host.sysctls).filter(([name]) => name.startsWith('net.'));
  return {
    'net.ipv6.conf.all.disable_ipv6': '1',
    'net.ipv6.conf.default.disable_ipv6': '1',
    ...Object.fromEntries(asked),
  };
}

function endpoints(lab: Lab, host: PlannedHost): Docker.EndpointsConfig {
  return Object.fromEntries(
    host.interfaces.map((card) => [
      networkName(lab, card.network),
      { IPAMConfig: addressFor(card), MacAddress: card.mac },
    ]),
  );
}

/** Without an address that Docker knows, it takes one of its own, and the agent flushes that. */
function addressFor(card: PlannedInterface): { IPv4Address?: string } {
  const told = toldAddress(card);
  return told === undefined ? {} : { IPv4Address: told };
}

function agentStream(host: string, socket: Duplex, lost: WhyLost): Duplex {
  let words = Buffer.alloc(0);
  return standardStreams(socket, {
    before: WAKE,
    stderr: (bytes) => {
      words = Buffer.from(Buffer.concat([words, bytes]).subarray(-LAST_WORDS));
    },
    ended: async () => {
      const reason = await lost();
      if (reason) return reason;
      const said = words.toString('utf8').trim();
      return new LabError('agent', `the agent of ${host} has ended${said && `; it said:\n${said}`}`);
    },
  });
}

/** Unpacks files under a folder of a container that is not started yet. */
export async function putFiles(container: Docker.Container, folder: string, files: PlannedHost['files']) {
  if (files.length === 0) return;
  const within = folder === '/' ? 1 : folder.length + 1;
  const archived = files.map(({ path, content, mode = FILE_MODE }) => ({
    path: path.slice(within),
    bytes: materialise(content),
    mode,
  }));
  await container.putArchive(Readable.from(tar(archived), { objectMode: false }), { path: folder });
}

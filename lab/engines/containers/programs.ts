/** A host's program: a container of its own that joins the network stack of the host's agent. */
import { once } from 'node:events';
import { posix } from 'node:path';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Lacking } from '../../agent/protocol.ts';
import { LabError } from '../../errors.ts';
import type { PlannedHost } from '../../model/planned.ts';
import type { Program } from '../../model/types.ts';
import type { ProgramOutput, RunningProgram } from '../engine.ts';
import { exitOf } from '../exit.ts';
import { eachLines } from '../lines.ts';
import { putFiles } from './agents.ts';
import { attach, outputs } from './attach.ts';
import { asked, explain, statusOf } from './connection.ts';
import { disk, isOnDisk } from './disk.ts';
import { type Lab, labelsOf } from './labels.ts';
import { removeContainer } from './take-down.ts';

export interface ProgramPlace {
  lab: Lab;
  host: PlannedHost;
  program: Program;
  image: string;
  /** The agent's container. */
  agent: string;
  /** 1 for the host's first program, 2 when it is started again… */
  run: number;
}

export async function startProgram(
  docker: Docker,
  place: ProgramPlace,
  output: ProgramOutput,
): Promise<RunningProgram> {
  const { host } = place;
  try {
    const container = await docker.createContainer(programContainer(place));
    try {
      for (const folder of topFolders(host)) {
        const files = host.files.filter(({ path }) => path.startsWith(prefix(folder)));
        await putFiles(container, folder, files);
      }
      const whose = {
        host: host.name,
        apart: place.program.kind === 'image',
        agents: isAgents(place.program),
      };
      return await startCreated(docker, container, whose, output);
    } catch (error) {
      await removeContainer(docker, container.id).catch(() => {});
      throw error;
    }
  } catch (error) {
    throw refusal(error, { host: host.name });
  }
}

export interface Whose {
  host: string;
  /** It has a process namespace of its own. */
  apart: boolean;
  /** It is a program of the agent's image. */
  agents?: boolean;
}

/** Starts a program whose container exists already. Throws LabError. */
export async function startCreated(
  docker: Docker,
  container: Docker.Container,
  whose: Whose,
  output: ProgramOutput,
): Promise<RunningProgram> {
  try {
    const said = readLines(await attach(container, false), output);
    await container.start();
    return running(docker, container, whose, said);
  } catch (error) {
    throw refusal(error, whose);
  }
}

function isAgents(program: Program): boolean {
  return program.kind === 'command' && program.image === undefined;
}

const NOT_THERE =
  'name an image that has it: `image: python:3.13-slim`; on netns it is not used, the machine has the program';

function refusal(error: unknown, { host, agents }: Pick<Whose, 'host' | 'agents'>): LabError {
  if (error instanceof LabError) return error;
  const cause = explain(error, `start the program of ${host}`);
  // 400: the program is not in the image, or may not be executed.
  if (statusOf(error) !== 400) return cause;
  return new LabError('program', cause.message, { cause: error, ...(agents && { hint: NOT_THERE }) });
}

function programContainer({
  lab,
  host,
  program,
  image,
  agent,
  run,
}: ProgramPlace): Docker.ContainerCreateOptions {
  return {
    name: `lanlab-${lab.id}-${host.name}.${run}`,
    Image: image,
    Labels: labelsOf(lab, host.name),
    Env: Object.entries(program.env).map(([name, value]) => `${name}=${value}`),
    AttachStdout: true,
    AttachStderr: true,
    // A probe of the image's own would speak on the host's network stack, and nobody asked it to.
    Healthcheck: { Test: ['NONE'] },
    ...(program.kind === 'command' && commandLine(program)),
    HostConfig: {
      NetworkMode: `container:${agent}`,
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
      ...rights(program, agent),
      Mounts: [
        ...disk(lab, host),
        ...topFolders(host)
          .filter((folder) => folder !== '/')
          .map((folder) => volume(lab, host, folder)),
      ],
    },
  };
}

function commandLine(program: Program & { kind: 'command' }): Docker.ContainerCreateOptions {
  const own = program.image !== undefined;
  return { Entrypoint: program.argv, Cmd: [], ...(!own && { User: '65534:65534', WorkingDir: '/tmp' }) };
}

/**
 * Our own programs need no rights at all. They also share the agent's process namespace, so that they end with it. They are
 * not process 1 there, because the kernel lets process 1 ignore SIGTERM. Somebody else's image runs as it does everywhere.
 */
function rights(program: Program, agent: string): Docker.HostConfig {
  if (program.kind === 'service')
    return { ReadonlyRootfs: true, CapDrop: ['ALL'], PidMode: `container:${agent}` };
  if (program.kind === 'image') return {};
  const own = program.image === undefined ? { CapDrop: ['ALL'] } : {};
  return { ...own, PidMode: `container:${agent}` };
}

/**
 * The folders that hold the host's files, without those inside another of them. The agent has written the files on the host's
 * own disk, which the program shares with it.
 */
function topFolders(host: PlannedHost): string[] {
  const files = host.files.filter(({ path }) => !isOnDisk(host, path));
  const folders = [...new Set(files.map(({ path }) => posix.dirname(path)))].sort();
  return folders.filter(
    (folder) => !folders.some((other) => other !== folder && folder.startsWith(prefix(other))),
  );
}

function prefix(folder: string): string {
  return folder === '/' ? '/' : `${folder}/`;
}

/** A volume: the only place for files in a container whose own root is read-only. It is removed with its container. */
function volume(lab: Lab, host: PlannedHost, folder: string): Docker.MountConfig[number] {
  return {
    Type: 'volume',
    Source: '',
    Target: folder,
    VolumeOptions: { Labels: labelsOf(lab, host.name) },
  } as never;
}

/** Resolves when both outputs have ended and every line of them has been handed on. */
async function readLines(socket: Duplex, output: ProgramOutput): Promise<void> {
  const { stdout, stderr } = outputs(socket);
  eachLines(stdout, (lines) => output.stdout(lines));
  eachLines(stderr, (lines) => output.stderr(lines));
  await Promise.all([once(stdout, 'end'), once(stderr, 'end')]);
}

function running(
  docker: Docker,
  container: Docker.Container,
  { host, apart }: Whose,
  said: Promise<void>,
): RunningProgram {
  return {
    ...(apart && { byEngine: true }),
    signal: async (name) => {
      try {
        if (apart && name === 'SIGSTOP') await container.pause();
        else if (apart && name === 'SIGCONT') await container.unpause();
        else await container.kill({ signal: name });
      } catch (error) {
        // 404, 409: it has ended, and needs no more signals.
        if (statusOf(error) !== 404 && statusOf(error) !== 409)
          throw explain(error, `send ${name} to ${host}`);
      }
    },
    slow: (share) => slow(container, host, share),
    ended: ending(docker, container, said),
  };
}

/** Microseconds in which a container may run for its share. */
const PERIOD = 100_000;
const NO_LIMIT = -1;

/** Why the engine gives no container a share, or undefined where it does. */
export async function lackingShares(docker: Docker): Promise<Lacking | undefined> {
  const { CpuCfsQuota } = (await asked('look at what the engine can do', () => docker.info())) as {
    CpuCfsQuota?: boolean;
  };
  if (CpuCfsQuota !== false) return undefined;
  return {
    why: 'the Docker Engine has no control group for processors',
    hint: 'where it runs without root, delegate the controller `cpu` to its user; its kernel needs CONFIG_CFS_BANDWIDTH',
  };
}

/** A container that has ended has no limit any more. */
async function slow(container: Docker.Container, host: string, share: number | undefined): Promise<void> {
  const quota = share === undefined ? NO_LIMIT : Math.round(share * PERIOD);
  try {
    await container.update({ CpuPeriod: PERIOD, CpuQuota: quota });
  } catch (error) {
    if (share === undefined && (statusOf(error) === 404 || statusOf(error) === 409)) return;
    throw explain(error, `give the program of ${host} a share of a processor`);
  }
}

/** The end of a program. Its last line has been handed on before this settles. */
async function ending(docker: Docker, container: Docker.Container, said: Promise<void>) {
  const status = await container.wait().then(
    ({ StatusCode }) => StatusCode as number,
    () => undefined,
  );
  await said;
  // Only the lab's own end waits for that: it finds the container by its label.
  void removeContainer(docker, container.id).catch(() => {});
  return exitOf(status ?? null);
}

/** Moments of a run that are seen from outside: by what the command says, and by what comes and goes on the machine. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { descendants, type Running } from '../cli/command.ts';
import { type Lane, type Moment, STEPS, type Whole } from '../leavings/kills.ts';
import { countNamespaces } from '../namespaces.ts';

export interface Named {
  what: string;
  come: Moment;
}

/** The command had ended before the moment was seen. */
export class TooLate extends Error {}

/** Milliseconds between two looks at what cannot be awaited: processes, and files that come and go. */
const LOOK = 2;

/** What the run itself says: its progress, then its steps. */
export function said({ name }: Lane, { stderr }: Whole): Named[] {
  const words = new Set(stderr.split('\n').flatMap((line) => /^\S+ (.+)$/.exec(line)?.[1] ?? []));
  return [
    { what: 'it has just begun', come: async () => {} },
    ...[...words].map((word) => ({
      what: `it says: ${word.replace(name, 'it')}`,
      come: inTime((run) => run.complained(word)),
    })),
    ...STEPS.map((step) => ({ what: `step ${step} is over`, come: inTime((run) => run.printed(step)) })),
  ];
}

/** On namespaces all is processes of its own: `namespaces` are those of the hosts and of what joins them. */
export function inProcesses(namespaces: number): Named[] {
  return [
    { what: 'its first process is there', come: until((pid) => descendants(pid).length > 0) },
    ...Array.from({ length: namespaces }, (_, index) => ({
      what: `${index + 1} network namespaces are there`,
      come: until((pid) => countNamespaces(descendants(pid)) > index),
    })),
    { what: 'the command of a step runs', come: until(runs('sleep')) },
    { what: 'its processes have ended', come: afterwards((pid) => descendants(pid).length > 0) },
  ];
}

/** Is there a process below that was started with this word? */
function runs(word: string): Look {
  return async (pid) => {
    for (const each of descendants(pid)) {
      const argv = await readFile(`/proc/${each}/cmdline`, 'latin1').catch(() => '');
      if (argv.split('\0').includes(word)) return true;
    }
    return false;
  };
}

/** Compose has a folder for the lab, from its making to its end, and makes networks and containers in one call. */
export function inCompose({ name }: Lane): Named[] {
  const ours = () => readdirSync(tmpdir()).filter((file) => file.startsWith(`lanlab-${name}`));
  const whole = () => ours().filter((file) => !file.includes('.'));
  const holds = (file: string) => whole().some((folder) => existsSync(join(tmpdir(), folder, file)));
  return [
    { what: "the lab's folder comes into being", come: until(() => ours().length > 0) },
    { what: "the lab's folder is there", come: until(() => whole().length > 0) },
    { what: 'the compose file is there', come: until(() => holds('compose.yaml')) },
    { what: 'Compose makes the lab', come: until(runs('create')) },
    { what: 'Compose has made the lab', come: afterwards(runs('create')) },
    { what: 'the socket of an agent is there', come: until(() => holds('agents/alice.sock')) },
    { what: "the lab's folder is not whole any more", come: afterwards(() => holds('owner')) },
  ];
}

interface DockerEvent {
  Type: string;
  Action: string;
  Actor: { Attributes: { name?: string } };
}

/** What the engine makes and takes away, in the order of a run: kind, what happens to it, and for which time. */
const IN_DOCKER = [
  ['network', 'create', 1],
  ['container', 'create', 1],
  ['container', 'create', 2],
  ['network', 'connect', 1],
  ['container', 'start', 1],
  ['container', 'start', 2],
  ['container', 'start', 3],
  ['container', 'die', 1],
  ['network', 'disconnect', 1],
  ['container', 'destroy', 1],
  ['container', 'destroy', 2],
  ['network', 'destroy', 1],
] as const;

/** Hears what the engine does from now on. */
export async function watchDocker(): Promise<{ moments(lane: Lane): Named[] } & Disposable> {
  const stream = (await new Docker().getEvents({})) as NodeJS.ReadableStream & { destroy(): void };
  const hear = new Set<(event: DockerEvent) => void>();
  createInterface({ input: stream }).on('line', (line) => {
    const event = JSON.parse(line) as DockerEvent;
    for (const each of hear) each(event);
  });
  const happens = (type: string, action: string, times: number, lane: Lane) =>
    inTime(async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      let count = 0;
      const listen = ({ Type, Action, Actor }: DockerEvent) => {
        const { name = '' } = Actor.Attributes;
        if (Type !== type || Action !== action || !name.includes(lane.name)) return;
        count += 1;
        if (count === times) resolve();
      };
      hear.add(listen);
      await promise.finally(() => hear.delete(listen));
    });
  return {
    moments: (lane) =>
      IN_DOCKER.map(([type, action, times]) => ({
        what: `Docker: ${type} ${action} ${times}`,
        come: happens(type, action, times, lane),
      })),
    [Symbol.dispose]: () => stream.destroy(),
  };
}

/** Rejects with TooLate where the command ends before. */
function inTime(moment: Moment): Moment {
  return async (command) => {
    const late = command.ended.then(() => Promise.reject(new TooLate()));
    await Promise.race([moment(command).catch(() => late), late]);
  };
}

type Look = (pid: number) => boolean | Promise<boolean>;

function until(look: Look): Moment {
  return inTime((command) => looking(command, look));
}

/** When it is not so any more. */
function afterwards(look: Look): Moment {
  return inTime(async (command) => {
    await looking(command, look);
    await looking(command, async (pid) => !(await look(pid)));
  });
}

async function looking({ pid, child }: Running, look: Look): Promise<void> {
  while (!(await look(pid)) && child.exitCode === null && child.signalCode === null) await pause(LOOK);
  if (child.exitCode !== null || child.signalCode !== null) throw new TooLate();
}

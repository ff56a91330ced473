/** From a plan to hosts that are up: by the engine, and by their own agents where it leaves that to them. */
import type { Capabilities, HostEvent } from '../agent/protocol.ts';
import type {
  Engine,
  EngineName,
  LiveNetwork,
  ProgramOutput,
  RunningProgram,
  UpOptions,
} from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';
import { EventLog } from './events.ts';
import { type LiveHost, parseEvent } from './host.ts';
import { Journal } from './journal.ts';
import { startServers, takeLeases } from './leases.ts';
import { refuseLinks } from './links.ts';
import { type Asked, isPlain } from './plain-hosts.ts';
import { readiness } from './ready.ts';
import { startAgent, startedLater } from './start-agent.ts';
import { upWhenFree } from './subnet-conflict.ts';

/** A lab that is up. Disposing takes down everything it made. */
export interface LiveLab extends AsyncDisposable {
  id: string;
  engine: EngineName;
  plan: Plan;
  hosts: ReadonlyMap<string, LiveHost>;
  /** What holds the hosts up: for programs that start again, and hosts that come and go. */
  network: LiveNetwork;
  /** What all hosts say, in the order it came. */
  journal: Journal;
}

export interface BringUpOptions extends UpOptions {
  /** What will be asked of hosts; those that only have to be there are left alone. Absent: anything. */
  asked?: Asked;
}

/** Agents that are started before they are asked: of more the first would come later for the last ones' sake. */
const MOST_AWAKE = 16;

/** Lines kept of what a program says beside its events. */
const WORDS_KEPT = 50;

/** Set-up that fails takes itself down. Throws LabError. */
export async function bringUp(plan: Plan, engine: Engine, options: BringUpOptions): Promise<LiveLab> {
  refuseUnsupported(engine, plan);
  options.signal.throwIfAborted();
  const network = await upWhenFree(plan, engine, options);
  try {
    return await untilAborted(options.signal, setUpHosts(plan, engine, network, options));
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
}

/** Throws LabError (`unsupported`) for a plan that the engine can never run. */
export function refuseUnsupported(engine: Engine, plan: Plan): void {
  const never = engine.unsupported(plan);
  if (never.length === 0) return;
  throw new LabError('unsupported', `the engine ${engine.name} cannot run this: ${never.join('; ')}`, {
    hint: 'run it on another engine (lanlab engines)',
  });
}

/** Rejects as soon as the signal is aborted; what was under way is left to the caller's taking down. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  work.catch(() => {}); // Its calls fail when the lab is taken down under it.
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function setUpHosts(
  plan: Plan,
  engine: Engine,
  network: LiveNetwork,
  { progress, asked }: BringUpOptions,
): Promise<LiveLab> {
  progress('cards, addresses and names');
  const journal = new Journal();
  const left = plan.hosts.filter((host) => asked?.named && !asked.named.has(host.name) && isPlain(host));
  // One at least tells what can be done here.
  const now = plan.hosts.filter(
    (host, index) => !left.includes(host) || (index === 0 && left.length === plan.hosts.length),
  );
  const started = await Promise.all(now.map((host) => setUpHost(host, network, journal)));
  const others = left
    .filter((host) => !now.includes(host))
    .map((host) => hostLater(host, network, journal, started[0]!.capabilities));
  const all = new Map([...started, ...others].map((host) => [host.name, host]));
  const hosts = plan.hosts.map(({ name }) => all.get(name)!);
  await connect(hosts, progress);
  progress('programs');
  for (const host of hosts) if (asked?.at.has(host.name) && asked.at.size <= MOST_AWAKE) host.wake?.();
  await startPrograms(hosts);
  const live: LiveLab = {
    id: network.id,
    engine: engine.name,
    plan,
    hosts: new Map(hosts.map((host) => [host.name, host])),
    network,
    journal,
    [Symbol.asyncDispose]: async () => {
      await network[Symbol.asyncDispose]();
      for (const { events } of live.hosts.values()) events.end();
    },
  };
  return live;
}

/** Links as they are meant, and what hosts need of each other's servers, before their programs start. */
export async function connect(hosts: readonly LiveHost[], progress: UpOptions['progress']): Promise<void> {
  refuseLinks(hosts);
  if (!hosts.some(({ plan }) => plan.serves || plan.interfaces.some(({ leased }) => leased))) return;
  progress('servers for addresses and names');
  await startServers(hosts);
  await takeLeases(hosts);
}

/**
 * First whatever says when it is ready, and images; then the commands that do not, which may be clients: they find the
 * servers of their lab listening.
 */
export async function startPrograms(hosts: readonly LiveHost[]): Promise<void> {
  const comesLast = ({ plan }: LiveHost) => plan.program?.kind === 'command' && plan.ready === undefined;
  const start = (host: LiveHost) => host.start();
  await Promise.all(hosts.filter((host) => !comesLast(host)).map(start));
  await Promise.all(hosts.filter(comesLast).map(start));
}

/** A host that the engine has brought up becomes what its plan says, if the engine has not made it so itself. */
export async function setUpHost(
  plan: PlannedHost,
  network: LiveNetwork,
  journal: Journal,
): Promise<LiveHost> {
  const { settled } = network;
  if (settled) return hostLater(plan, network, journal, settled.capabilities);
  const events = new EventLog();
  const { agent, capabilities } = await startAgent({ plan, events }, network, journal);
  const renew = agent.renew;
  const host = hostOf({ plan, events, agent, capabilities, renew }, () =>
    startProgram(host, network, journal),
  );
  return host;
}

/** Its agent is started when somebody asks it something. */
function hostLater(
  plan: PlannedHost,
  network: LiveNetwork,
  journal: Journal,
  capabilities: Capabilities,
): LiveHost {
  let started = false;
  const { agent, wake } = startedLater(() => {
    started = true;
    return startAgent(host, network, journal);
  });
  const renew: LiveHost['renew'] = async (request) => {
    if (network.settled) await network.settled.renew(plan.name, request);
    else if (started) await agent.renew(request);
  };
  const events = new EventLog();
  const host = hostOf({ plan, events, agent, capabilities, renew, wake }, () =>
    startProgram(host, network, journal),
  );
  return host;
}

function hostOf(
  parts: Pick<LiveHost, 'plan' | 'events' | 'agent' | 'capabilities' | 'renew' | 'wake'>,
  start: LiveHost['start'],
): LiveHost {
  return { name: parts.plan.name, ...parts, words: [], start };
}

/** Resolves when the program is ready (ready.ts). Throws LabError. */
export async function startProgram(host: LiveHost, network: LiveNetwork, journal: Journal): Promise<void> {
  if (!host.plan.program) return;
  const ready = readiness(host);
  const run = await network.start(host.plan, outputOf(host, journal, ready.hear));
  const program = run.byEngine ? run : reachingAll(host, run);
  host.program = program;
  delete host.ended;
  void run.ended.then((end) => {
    if (host.program === program) host.ended = end;
  });
  await ready.reached(run);
}

/** Signals go to every process of the program, also to those that left its process group. */
function reachingAll(host: LiveHost, run: RunningProgram): RunningProgram {
  return {
    ended: run.ended,
    processes: () => host.agent.processes(),
    signal: async (signal) => {
      await host.agent.signalProgram({ signal });
    },
  };
}

function outputOf(host: LiveHost, journal: Journal, hear: (lines: string) => void): ProgramOutput {
  const say = (stream: 'stdout' | 'stderr') => (lines: string) => {
    host.words.push(...lastLines(lines, WORDS_KEPT));
    host.words.splice(0, host.words.length - WORDS_KEPT);
    journal.note(host.name, { stream, lines });
  };
  const [sayOut, sayErr] = [say('stdout'), say('stderr')];
  return {
    stdout: (lines) => {
      hear(lines);
      // A flood that holds no event is not split.
      if (!/^\{/m.test(lines)) return sayOut(lines);
      for (const part of apart(lines)) {
        if (typeof part === 'string') sayOut(part);
        else {
          host.events.append(part);
          journal.note(host.name, { event: part });
        }
      }
    },
    stderr: (lines) => {
      hear(lines);
      sayErr(lines);
    },
  };
}

/** In their order: events, and the other lines between them. */
function* apart(lines: string): Generator<HostEvent | string> {
  let others: string[] = [];
  for (const line of lines.split('\n')) {
    const event = parseEvent(line);
    if (event === undefined) others.push(line);
    else {
      if (others.length > 0) yield others.join('\n');
      others = [];
      yield event;
    }
  }
  if (others.length > 0) yield others.join('\n');
}

/** Those at the end, at most so many. */
function lastLines(lines: string, most: number): string[] {
  let start = lines.length;
  for (let count = 0; count < most; count++) {
    const before = start === 0 ? -1 : lines.lastIndexOf('\n', start - 1);
    if (before < 0) return lines.split('\n');
    start = before;
  }
  return lines.slice(start + 1).split('\n');
}

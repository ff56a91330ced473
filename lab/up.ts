/** From a plan to hosts that are up: networks and agents by the engine, then every host by its own agent. */
import { birth, bornLater } from './birth.ts';
import { upWhenFree } from './conflict.ts';
import type { Engine, EngineName, LiveNetwork, ProgramOutput, UpOptions } from './engines/engine.ts';
import { LabError } from './errors.ts';
import { EventLog } from './events.ts';
import { type LiveHost, parseEvent } from './host.ts';
import { Journal } from './journal.ts';
import { startServers, takeLeases } from './leases.ts';
import { readiness } from './ready.ts';
import type { Plan, PlannedHost } from './scenario/planned.ts';

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

/** Lines kept of what a program says beside its events. */
const WORDS_KEPT = 50;

/** Set-up that fails takes itself down. Throws LabError. */
export async function bringUp(plan: Plan, engine: Engine, options: UpOptions): Promise<LiveLab> {
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
    mend: 'run it on another engine (lanlab engines)',
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
  { progress }: UpOptions,
): Promise<LiveLab> {
  progress('cards, addresses and names');
  const journal = new Journal();
  const hosts = await Promise.all(plan.hosts.map((host) => setUpHost(host, network, journal)));
  await connect(hosts, progress);
  progress('programs');
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

/** What hosts need of each other's servers before their programs start. */
export async function connect(hosts: readonly LiveHost[], progress: UpOptions['progress']): Promise<void> {
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

/** A host that the engine has brought up becomes what its plan says, now or when its agent is first called. */
export async function setUpHost(
  plan: PlannedHost,
  network: LiveNetwork,
  journal: Journal,
): Promise<LiveHost> {
  const events = new EventLog();
  const born = () => birth(host, network, journal);
  const { agent, capabilities } = network.settled
    ? { agent: bornLater(born), capabilities: network.settled.capabilities }
    : await birth({ plan, events }, network, journal);
  const host: LiveHost = {
    name: plan.name,
    plan,
    agent,
    capabilities,
    events,
    words: [],
    renew: async (request) =>
      network.settled ? network.settled.renew(plan.name, request) : agent.renew(request),
    start: () => startProgram(host, network, journal),
  };
  return host;
}

/** Resolves when the program is ready (ready.ts). Throws LabError. */
export async function startProgram(host: LiveHost, network: LiveNetwork, journal: Journal): Promise<void> {
  const { program } = host.plan;
  if (!program) return;
  const ready = readiness(host);
  const run = await network.start(host.plan, outputOf(host, journal, ready.hear));
  host.program = run;
  delete host.ended;
  void run.ended.then((end) => {
    if (host.program === run) host.ended = end;
  });
  await ready.reached(run);
}

function outputOf(host: LiveHost, journal: Journal, hear: (line: string) => void): ProgramOutput {
  const say = (stream: 'stdout' | 'stderr') => (line: string) => {
    host.words.push(line);
    if (host.words.length > WORDS_KEPT) host.words.shift();
    journal.note(host.name, { stream, line });
  };
  const [sayOut, sayErr] = [say('stdout'), say('stderr')];
  return {
    stdout: (line) => {
      hear(line);
      const event = parseEvent(line);
      if (!event) return sayOut(line);
      host.events.append(event);
      journal.note(host.name, { event });
    },
    stderr: (line) => {
      hear(line);
      sayErr(line);
    },
  };
}

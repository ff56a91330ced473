/** Brings up the hosts of a plan: the engine makes them, and their agents set up what it leaves to them. */
import type { Capabilities, HostEvent } from '../agent/protocol.ts';
import type { Engine, EngineName, ProgramOutput, RunningProgram, UpOptions } from '../engines/engine.ts';
import { LabError } from '../errors.ts';
import type { Plan, PlannedHost } from '../model/planned.ts';
import type { Around } from './around.ts';
import { Certificates } from './certificates.ts';
import { EventLog } from './events.ts';
import { type LiveHost, parseEvent } from './host.ts';
import { Journal } from './journal.ts';
import { startServers, takeLeases } from './leases.ts';
import { refuseLinks } from './links.ts';
import { onOurClock } from './on-our-clock.ts';
import { type Asked, isPlain } from './plain-hosts.ts';
import { readiness } from './ready.ts';
import { startAgent, startedLater } from './start-agent.ts';
import { upWhenFree } from './subnet-conflict.ts';

/** A lab that is up. Disposing takes down everything it made. */
export interface LiveLab extends AsyncDisposable, Around {
  id: string;
  engine: EngineName;
  plan: Plan;
  hosts: ReadonlyMap<string, LiveHost>;
}

export interface BringUpOptions extends UpOptions {
  /** The hosts that will be used. Those that only have to exist get no set-up. Where it is absent, any host may be used. */
  asked?: Asked;
}

/** At most so many agents are started before their first call: with more, the last ones would delay the first. */
const MOST_AWAKE = 16;

/** Lines of a program that are kept, beside its events. */
const WORDS_KEPT = 50;

/** A set-up that fails takes down the lab. Throws LabError. */
export async function bringUp(plan: Plan, engine: Engine, options: BringUpOptions): Promise<LiveLab> {
  refuseUnsupported(engine, plan);
  options.signal.throwIfAborted();
  const certificates = new Certificates(plan.lab);
  const hosts = await certificates.fill(plan.hosts);
  const network = await upWhenFree({ ...plan, hosts }, engine, options);
  const around = { network, journal: new Journal(), certificates };
  try {
    return await untilAborted(options.signal, setUpHosts(plan, engine, around, options));
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

/** Rejects as soon as the signal is aborted. The work goes on until the caller takes down the lab. */
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
  around: Around,
  { progress, asked }: BringUpOptions,
): Promise<LiveLab> {
  progress('cards, addresses and names');
  const left = plan.hosts.filter((host) => asked?.named && !asked.named.has(host.name) && isPlain(host));
  // At least one host is set up: its agent tells the capabilities.
  const now = plan.hosts.filter(
    (host, index) => !left.includes(host) || (index === 0 && left.length === plan.hosts.length),
  );
  const started = await Promise.all(now.map((host) => setUpHost(host, around)));
  const others = left
    .filter((host) => !now.includes(host))
    .map((host) => hostLater(host, around, started[0]!.capabilities));
  const all = new Map([...started, ...others].map((host) => [host.name, host]));
  const hosts = plan.hosts.map(({ name }) => all.get(name)!);
  await connect(hosts, progress);
  progress('programs');
  for (const host of hosts) if (asked?.at.has(host.name) && asked.at.size <= MOST_AWAKE) host.wake?.();
  await startPrograms(hosts);
  const { network } = around;
  const live: LiveLab = {
    ...around,
    id: network.id,
    engine: engine.name,
    plan,
    hosts: new Map(hosts.map((host) => [host.name, host])),
    [Symbol.asyncDispose]: async () => {
      await network[Symbol.asyncDispose]();
      for (const { events } of live.hosts.values()) events.end();
    },
  };
  return live;
}

/** Checks the links, and starts servers and takes leases, before programs start. */
export async function connect(hosts: readonly LiveHost[], progress: UpOptions['progress']): Promise<void> {
  refuseLinks(hosts);
  if (!hosts.some(({ plan }) => plan.serves || plan.interfaces.some(({ leased }) => leased))) return;
  progress('servers for addresses and names');
  await startServers(hosts);
  await takeLeases(hosts);
}

/**
 * First come images and the programs that say when they are ready. Then come the commands that do not say so. These may
 * be clients: they find the servers of their lab listening.
 */
export async function startPrograms(hosts: readonly LiveHost[]): Promise<void> {
  const comesLast = ({ plan }: LiveHost) => plan.program?.kind === 'command' && plan.ready === undefined;
  const start = (host: LiveHost) => host.start();
  await Promise.all(hosts.filter((host) => !comesLast(host)).map(start));
  await Promise.all(hosts.filter(comesLast).map(start));
}

/** Sets up a host that the engine has brought up, where the engine has not set it up itself. */
export async function setUpHost(plan: PlannedHost, around: Around): Promise<LiveHost> {
  const { network, journal } = around;
  const { settled } = network;
  if (settled) return hostLater(plan, around, settled.capabilities);
  const events = new EventLog();
  const clock = network.clocks?.of(plan.name);
  const own = { plan, events, ...(clock && { clock }) };
  const { agent, capabilities } = await startAgent(own, around);
  const renew = agent.renew;
  const host = hostOf({ ...own, journal, agent, capabilities, renew }, () => startProgram(host, around));
  return host;
}

/** A host whose agent is started at the first call. */
function hostLater(plan: PlannedHost, around: Around, capabilities: Capabilities): LiveHost {
  const { network, journal } = around;
  let started = false;
  const { agent, wake } = startedLater(() => {
    started = true;
    return startAgent(host, around);
  });
  const renew: LiveHost['renew'] = async (request) => {
    if (network.settled) await network.settled.renew(plan.name, request);
    else if (started) await agent.renew(request);
  };
  const events = new EventLog();
  const host = hostOf({ plan, events, journal, agent, capabilities, renew, wake }, () =>
    startProgram(host, around),
  );
  return host;
}

function hostOf(
  parts: Pick<
    LiveHost,
    'plan' | 'events' | 'clock' | 'journal' | 'agent' | 'capabilities' | 'renew' | 'wake'
  >,
  start: LiveHost['start'],
): LiveHost {
  return { name: parts.plan.name, ...parts, words: [], start };
}

/** Resolves when the program is ready (ready.ts). Throws LabError. */
export async function startProgram(
  host: LiveHost,
  { network, journal, certificates }: Around,
): Promise<void> {
  if (!host.plan.program) return;
  const ready = readiness(host);
  const [filled] = await certificates.fill([host.plan]);
  const run = await network.start(filled!, outputOf(host, journal, ready.hear));
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
    ...(run.slow && { slow: run.slow }),
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
          const event = onOurClock(part, host.clock);
          host.events.append(event);
          journal.note(host.name, { event, printed: true });
        }
      }
    },
    stderr: (lines) => {
      hear(lines);
      sayErr(lines);
    },
  };
}

/** Events, and the other lines between them, in order. */
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

/** The last lines, at most so many. */
function lastLines(lines: string, most: number): string[] {
  let start = lines.length;
  for (let count = 0; count < most; count++) {
    const before = start === 0 ? -1 : lines.lastIndexOf('\n', start - 1);
    if (before < 0) return lines.split('\n');
    start = before;
  }
  return lines.slice(start + 1).split('\n');
}

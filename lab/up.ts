/** From a plan to hosts that are up: networks and agents by the engine, then every host by its own agent. */
import type { BirpcReturn } from 'birpc';
import { openChannel } from './agent/channel.ts';
import type { AgentCalls, OrchestratorCalls } from './agent/protocol.ts';
import type { Engine, EngineName, LiveNetwork, ProgramOutput, UpOptions } from './engines/engine.ts';
import { LabError } from './errors.ts';
import { EventLog } from './events.ts';
import { type LiveHost, parseEvent } from './host.ts';
import { materialise } from './scenario/bytes.ts';
import type { Plan, PlannedHost } from './scenario/planned.ts';

/** A lab that is up. Disposing takes down everything it made. */
export interface LiveLab extends AsyncDisposable {
  id: string;
  engine: EngineName;
  plan: Plan;
  hosts: ReadonlyMap<string, LiveHost>;
}

/** Milliseconds a program may take to say that it is ready. */
const READY_WITHIN = 15_000;
/** Lines kept of what a program says beside its events. */
const WORDS_KEPT = 50;
const PIECE = 4 * 1024 * 1024;

/** Set-up that fails takes itself down. Throws LabError. */
export async function bringUp(plan: Plan, engine: Engine, options: UpOptions): Promise<LiveLab> {
  const never = engine.unsupported(plan);
  if (never.length > 0) {
    throw new LabError('unsupported', `the engine ${engine.name} cannot run this: ${never.join('; ')}`, {
      mend: 'run it on another engine (lanlab engines)',
    });
  }
  options.signal.throwIfAborted();
  const network = await engine.up(plan, options);
  try {
    return await untilAborted(options.signal, setUpHosts(plan, engine, network, options));
  } catch (error) {
    await network[Symbol.asyncDispose]();
    throw error;
  }
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
  const hosts = await Promise.all(plan.hosts.map((host) => setUpHost(host, network)));
  progress('programs');
  await Promise.all(hosts.map((host) => startProgram(host, network)));
  return {
    id: network.id,
    engine: engine.name,
    plan,
    hosts: new Map(hosts.map((host) => [host.name, host])),
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

async function setUpHost(plan: PlannedHost, network: LiveNetwork): Promise<LiveHost> {
  const events = new EventLog();
  const stream = network.stream(plan.name);
  let reason = '';
  stream.once('error', (error) => {
    reason = error.message;
  });
  const local: OrchestratorCalls = { event: (event) => events.append(event) };
  const agent: BirpcReturn<AgentCalls, OrchestratorCalls> = openChannel(stream, local, () =>
    gone(plan.name, reason),
  );
  const { capabilities } = await agent.configure({
    hostname: plan.name,
    interfaces: plan.interfaces,
    hostsFile: plan.hostsFile,
    sysctls: plan.sysctls,
  });
  await writeFiles(plan, agent);
  return { name: plan.name, plan, agent, capabilities, events, words: [] };
}

function gone(host: string, reason: string): LabError {
  return new LabError('agent', `the agent of ${host} has gone${reason ? `: ${reason}` : ''}`);
}

async function writeFiles({ files }: PlannedHost, agent: AgentCalls): Promise<void> {
  for (const { path, content } of files) {
    const bytes = materialise(content);
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
      await agent.writeFile({ path, bytes: bytes.subarray(at, at + PIECE), append: at > 0 });
    }
  }
}

async function startProgram(host: LiveHost, network: LiveNetwork): Promise<void> {
  const { program } = host.plan;
  if (!program) return;
  host.program = await network.start(host.plan, outputOf(host));
  if (program.kind === 'service') await untilReady(host);
}

function outputOf(host: LiveHost): ProgramOutput {
  const say = (line: string) => {
    host.words.push(line);
    if (host.words.length > WORDS_KEPT) host.words.shift();
  };
  return {
    stdout: (line) => {
      const event = parseEvent(line);
      if (event) host.events.append(event);
      else say(line);
    },
    stderr: say,
  };
}

/** Our programs say so themselves. */
async function untilReady(host: LiveHost): Promise<void> {
  const ready = host.events.first(({ event }) => event === 'ready', READY_WITHIN).then((event) => !!event);
  const ended = host.program!.ended.then(({ exit, signal }) => signal ?? `exit code ${exit}`);
  const first = await Promise.race([ready, ended]);
  if (first === true) return;
  const happened =
    first === false ? `is not ready after ${READY_WITHIN / 1000} s` : `ended at once (${first})`;
  throw new LabError(
    'program',
    `the program of ${host.name} ${happened}: ${host.words.join(' | ') || 'it said nothing'}`,
  );
}

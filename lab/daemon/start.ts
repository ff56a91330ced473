/** Starts a lab's owner: a process of its own, which stays when this one ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { openChannel } from '../agent/channel.ts';
import type { Choice } from '../engines/index.ts';
import { newLabId } from '../engines/lab-id.ts';
import { owner as identity } from '../engines/owner.ts';
import { LabError } from '../errors.ts';
import { untilAborted } from '../live/up.ts';
import type { Scenario } from '../model/types.ts';
import { withLock } from './lock.ts';
import type { BeginRequest, Begun, OwnerBeginning, StarterCalls } from './protocol.ts';
import {
  type LabState,
  logPath,
  readStates,
  removeState,
  STATE_VERSION,
  socketPath,
  writeState,
} from './state.ts';
import { type Answering, asking } from './trouble.ts';

const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
const OWNER = join(import.meta.dirname, `main.${extension}`);

/** An owner mostly waits, for hours, so it gives memory back early. It takes a quarter less with this option. */
const LITTLE_AT_A_TIME = '--max-semi-space-size=1';

export interface StartOptions extends StarterCalls {
  choice: Choice;
  signal: AbortSignal;
  steps?: BeginRequest['steps'];
}

/** Resolves when the lab is up, or its run is over. A lab that does not come up leaves nothing. Throws LabError. */
export async function startOwner(scenario: Scenario, options: StartOptions): Promise<Begun> {
  const { engine, report, why } = options.choice;
  const state = await withLock(() => claim(scenario, options.choice));
  let child: Child;
  try {
    child = spawnOwner(state.id);
  } catch (error) {
    await removeState(state.id);
    throw error;
  }
  const request: BeginRequest = {
    state,
    scenario,
    engine: engine.name,
    chosen: { report, why },
    ...(options.steps && { steps: options.steps }),
  };
  return begin(child, request, options);
}

/** Only one lab of a scenario on an engine. The state file names this process as the owner until the owner writes it. */
async function claim(scenario: Scenario, { engine, report }: Choice): Promise<LabState> {
  const file = resolve(scenario.file);
  const rival = (await readStates()).find((other) => other.file === file && other.engine === engine.name);
  if (rival) {
    throw new LabError('usage', `${scenario.file} is ${rival.phase} already: ${rival.id}`, {
      hint: `take it down first: lanlab down ${rival.id}`,
    });
  }
  const state: LabState = {
    version: STATE_VERSION,
    id: newLabId(scenario.lab),
    lab: scenario.lab,
    file,
    engine: engine.name,
    ...(report.version !== undefined && { engineVersion: report.version }),
    owner: { pid: process.pid, identity: identity() },
    phase: 'coming up',
    since: new Date().toISOString(),
    // The owner finds out their addresses.
    hosts: scenario.hosts.map(({ name }) => ({ name, addresses: [] })),
  };
  socketPath(state.id); // Throws for a path that is too long, before anything is made.
  await writeState(state);
  return state;
}

type Child = ChildProcess & { stdin: Writable; stdout: Readable };

/** In a session of its own: no terminal can end it. */
function spawnOwner(id: string): Child {
  const log = openSync(logPath(id), 'a', 0o600);
  try {
    return spawn(process.execPath, [LITTLE_AT_A_TIME, OWNER], {
      detached: true,
      stdio: ['pipe', 'pipe', log],
    }) as Child;
  } finally {
    closeSync(log);
  }
}

async function begin(child: Child, request: BeginRequest, options: StartOptions): Promise<Begun> {
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => {});
  const { id, lab } = request.state;
  const lost = () => new LabError('agent', `the daemon of ${lab} (${id}) has ended: see ${logPath(id)}`);
  const { progress, ready, begins, step, stopped } = options;
  const local: StarterCalls = { progress, ready, begins, step, stopped };
  const remote = openChannel<Answering<OwnerBeginning>, StarterCalls>(stream, local, lost);
  try {
    const begun = await untilAborted(options.signal, asking<OwnerBeginning>(remote).begin(request));
    letGo(child);
    if (!begun.state) await ended(child);
    return begun;
  } catch (error) {
    letGo(child);
    // The owner takes down what it has made.
    await ended(child);
    throw error;
  }
}

function letGo(child: Child): void {
  child.stdin.destroy();
  child.unref();
}

async function ended(child: Child): Promise<void> {
  child.ref();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

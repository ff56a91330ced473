/**
 * A lab's owner as a program, started by `lanlab up` in a session of its own. It brings the lab up, serves the
 * commands that come after, and ends with its lab. Its messages go to the lab's log in the state folder.
 */
import { Duplex } from 'node:stream';
import { openChannel } from '../agent/channel.ts';
import { useInherited } from '../api/own/load.ts';
import { LabError } from '../errors.ts';
import { type Connections, serve } from './connections.ts';
import { Owner } from './daemon.ts';
import type { BeginRequest, Begun, OwnerBeginning, StarterCalls } from './protocol.ts';
import { socketPath } from './state.ts';
import { type Answering, answering } from './trouble.ts';

let owner: Owner | undefined;
let connections: Connections | undefined;
const given = new AbortController();
const begun = Promise.withResolvers<void>();

const stream = Duplex.from({ readable: process.stdin, writable: process.stdout });
const starter = openChannel<StarterCalls, Answering<OwnerBeginning>>(stream, answering({ begin }));
process.stdout.on('error', () => {});
const released = new Promise<void>((resolve) => {
  process.stdin.once('end', resolve).once('close', resolve).on('error', resolve);
});

/** If the starter ends before the lab is up, the lab is taken down. */
void released.then(() => {
  if (!owner) process.exit();
  given.abort(new LabError('interrupted', 'the command that was bringing the lab up has gone'));
});

async function begin(request: BeginRequest): Promise<Begun> {
  const { id } = request.state;
  owner = new Owner(request.state, () => void end());
  const say = (line: string) => log(line);
  const watching = {
    signal: given.signal,
    progress: (line: string) => {
      say(line);
      starter.progress.asEvent(line).catch(() => {});
    },
  };
  try {
    connections = await serve(owner, socketPath(id));
    if (request.steps) await useInherited();
    const done = await owner.begin(request, watching, {
      ready: (plan) => starter.ready(plan),
      begins: (step) => void starter.begins.asEvent(step).catch(() => {}),
      step: (result) => void starter.step.asEvent(result).catch(() => {}),
      stopped: (result) => void starter.stopped.asEvent(result).catch(() => {}),
    });
    if (!done.state) void end();
    return done;
  } catch (error) {
    log(String((error as Error)?.stack ?? error));
    void end();
    throw error;
  } finally {
    begun.resolve();
  }
}

/** Ends the process when every answer is on its way. The starter has its answer when it has let go. */
async function end(): Promise<void> {
  await begun.promise;
  await released;
  await connections?.close();
  process.exit();
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

async function takeDown(): Promise<void> {
  await owner?.down();
  if (!owner) process.exit();
}

for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void takeDown());
process.on('uncaughtException', (error) => {
  log(`a bug in lanlab: ${error.stack}`);
  process.exitCode = 70;
  void takeDown().finally(() => process.exit());
});

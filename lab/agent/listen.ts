/**
 * The agent behind a Unix socket. A client connects and drives the host, one at a time. Everything that a connection opened
 * ends with it; the setup of the host stays for the next.
 */

import { once } from 'node:events';
import { chmod, rename, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Agent, createAgent } from './agent.ts';
import { openChannel } from './channel.ts';
import { boundedReport } from './event-queue.ts';
import { patient } from './patience.ts';
import type { OrchestratorCalls } from './protocol.ts';
import { Setup } from './setup.ts';

/** Milliseconds in which the previous connection may still end. */
const TURN = 1_000;

/**
 * The socket appears at `path` when it takes connections, of any user: it is made under another name, and moved. A socket
 * that an earlier agent left there is removed first.
 */
export async function listenAt(path: string): Promise<Server> {
  const setup = new Setup();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const server = createServer((socket) => {
    if (waiting > 1) return socket.destroy();
    waiting += 1;
    const turn = Promise.race([last.then(() => true), pause(patient(TURN), false, { ref: false })]);
    const over = turn.then(async (free) => {
      if (free) await serve(socket, setup);
      else socket.destroy();
    });
    last = Promise.all([last, over]).finally(() => {
      waiting -= 1;
    });
    return undefined;
  });
  const made = `${path}.new`;
  await Promise.all([path, made].map((old) => rm(old, { force: true })));
  server.listen(made);
  await once(server, 'listening');
  await chmod(made, 0o666);
  await rename(made, path);
  return server;
}

/** Resolves when the connection has ended, everything it opened is closed and everything it cut is whole again. */
async function serve(socket: Socket, setup: Setup): Promise<void> {
  const agent: Agent = createAgent(
    boundedReport((event) => rpc.event.asEvent(event)),
    setup,
  );
  const cuts = new Set<string>();
  const cut: Agent['cut'] = (request) => {
    cuts.add(request.id);
    return agent.cut(request);
  };
  const rpc = openChannel<OrchestratorCalls, Agent>(socket, { ...agent, cut });
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  await agent.closeAll();
  for (const id of cuts) await agent.heal({ id }).catch(() => {});
}

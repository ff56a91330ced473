/** Good clients in a thread of their own, so that an attack from the same process does not slow them down, but only the server. */
import { parentPort } from 'node:worker_threads';
import { tcpClient, udpClient } from './clients.ts';

/** A port of a program, and a request that it always answers. */
export interface Door {
  readonly transport: 'tcp' | 'udp';
  readonly service: string;
  readonly port: number;
  readonly good: Uint8Array;
}

/** Milliseconds after which a datagram is sent again: one may be lost where much is sent. */
const AGAIN_MS = 200;

/** Asks from a port of its own. */
export async function ask({ transport, port, good }: Door): Promise<Buffer> {
  if (transport === 'udp') {
    using client = await udpClient();
    const again = setInterval(() => client.send(Buffer.from(good), port), AGAIN_MS);
    const { data } = await client.ask(Buffer.from(good), port);
    clearInterval(again);
    return data;
  }
  using client = await tcpClient(port);
  client.socket.end(good);
  return await client.rest();
}

/** Asks at each port. The answer to the thread is the milliseconds of the slowest answer, or which port gave none. */
parentPort?.on('message', async (doors: readonly Door[]) => {
  let slowest = 0;
  for (const door of doors) {
    const began = performance.now();
    const answer = await ask(door);
    if (answer.length === 0) parentPort?.postMessage(`no answer of ${door.service}`);
    slowest = Math.max(slowest, performance.now() - began);
  }
  parentPort?.postMessage(slowest);
});

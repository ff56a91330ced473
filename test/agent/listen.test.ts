/** The agent behind a Unix socket: one connection at a time, and what ends with it. */
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openChannel } from '../../lab/agent/channel.ts';
import { listenAt } from '../../lab/agent/listen.ts';
import type { AgentCalls, OrchestratorCalls } from '../../lab/agent/protocol.ts';

let folder: string;
let path: string;
const servers: Server[] = [];
const sockets: Socket[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-listen-'));
  path = join(folder, 'alice.sock');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

async function listening(): Promise<void> {
  servers.push(await listenAt(path));
}

async function calling() {
  const socket = connect(path);
  sockets.push(socket);
  await once(socket, 'connect');
  const rpc = openChannel<AgentCalls, OrchestratorCalls>(socket, {
    event: () => {},
    carrying: () => {},
  });
  const said = async (words: string) => {
    const { stdout } = await rpc.exec({ argv: ['echo', words], giveUp: 5_000 });
    return Buffer.from(stdout).toString();
  };
  return { socket, rpc, said };
}

test('whoever connects may call, and after them the next', async () => {
  await listening();
  const first = await calling();
  expect(await first.said('one')).toBe('one\n');
  first.socket.destroy();
  const second = await calling();
  expect(await second.said('two')).toBe('two\n');
});

test('what a connection opened is closed when it ends', async () => {
  await listening();
  const first = await calling();
  const at = { address: '127.0.0.1', port: 0 };
  const { local } = await first.rpc.tcpListen({ at });
  first.socket.destroy();
  const second = await calling();
  const again = second.rpc.tcpConnect({ to: local, giveUp: 1_000 });
  await expect(again).rejects.toMatchObject({ data: { kind: 'refused' } });
});

test('a second connection beside the first is ended, and the first goes on', async () => {
  await listening();
  const first = await calling();
  await first.said('one');
  const second = await calling();
  await once(second.socket, 'close');
  expect(await first.said('still here')).toBe('still here\n');
});

test('a socket that an earlier agent left is replaced, and every user may connect', async () => {
  await writeFile(path, '');
  await listening();
  expect((await stat(path)).mode & 0o777).toBe(0o666);
  expect((await stat(path)).isSocket()).toBe(true);
  const { said } = await calling();
  expect(await said('one')).toBe('one\n');
});

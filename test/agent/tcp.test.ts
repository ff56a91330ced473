/** TCP by the agent on real sockets: both ends, half-close, refusals, limits. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import { Handles } from '../../lab/agent/handles.ts';
import type { AgentCalls } from '../../lab/agent/protocol.ts';
import { tcpCalls } from '../../lab/agent/tcp.ts';
import { address, agentHere, failureOf, freePort, LONG, peer, text } from './setting.ts';

test('a connection has the addresses and ports of both ends, and leaves from where it was told to', async () => {
  const agent = agentHere();
  const { at, accepted } = await peer(address(10));
  const port = await freePort(address(21));
  const opened = await agent.tcpConnect({ to: at, from: { address: address(21), port }, giveUp: LONG });
  expect(opened).toMatchObject({ local: { address: address(21), port }, remote: at });
  expect(await accepted).toMatchObject({ remoteAddress: address(21), remotePort: port });
});

test('bytes go both ways, at most as many at once as were asked for, the rest later', async () => {
  const agent = agentHere();
  const { at, accepted } = await peer();
  const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
  const socket = (await accepted).resume();
  const heard = once(socket, 'data');
  expect(await agent.tcpSend({ handle, bytes: Buffer.from('hello'), giveUp: LONG })).toEqual({ sent: 5 });
  expect(text((await heard)[0] as Buffer)).toBe('hello');
  socket.write('abcdef');
  const first = await agent.tcpReceive({ handle, max: 4, giveUp: LONG });
  const second = await agent.tcpReceive({ handle, max: 4, giveUp: LONG });
  expect([first, second].map(({ bytes, end }) => [text(bytes), end])).toEqual([
    ['abcd', false],
    ['ef', false],
  ]);
});

test('after our FIN the peer may go on, until its own', async () => {
  const agent = agentHere();
  const { at, accepted } = await peer();
  const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
  const socket = (await accepted).resume();
  await Promise.all([once(socket, 'end'), agent.tcpShutdown({ handle })]);
  socket.end('still here');
  expect(text((await agent.tcpReceive({ handle, max: 100, giveUp: LONG })).bytes)).toBe('still here');
  for (const _ of 'twice') {
    expect(await agent.tcpReceive({ handle, max: 100, giveUp: LONG })).toMatchObject({ end: true });
  }
  await agent.tcpShutdown({ handle });
  expect(await failureOf(agent.tcpSend({ handle, bytes: Buffer.from('x'), giveUp: LONG }))).toMatchObject({
    kind: 'closed',
    errno: 'EPIPE',
  });
});

test('after the peer’s FIN we may go on, until our own', async () => {
  const agent = agentHere();
  const { at, accepted } = await peer();
  const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
  const socket = (await accepted).end();
  expect(await agent.tcpReceive({ handle, max: 100, giveUp: LONG })).toMatchObject({ end: true });
  const heard = once(socket, 'data');
  socket.resume();
  await agent.tcpSend({ handle, bytes: Buffer.from('still here'), giveUp: LONG });
  expect(text((await heard)[0])).toBe('still here');
});

test('a port where nobody listens is refused, and the failure has the port it was asked from', async () => {
  const agent = agentHere();
  const to = { address: address(10), port: await freePort(address(10)) };
  const failed = await failureOf(agent.tcpConnect({ to, from: { address: address(21) }, giveUp: LONG }));
  expect(failed).toMatchObject({
    kind: 'refused',
    errno: 'ECONNREFUSED',
    syscall: 'connect',
    local: { address: address(21), port: expect.any(Number) },
  });
  expect(failed.local?.port).toBeGreaterThan(0);
});

test('a connect that nobody answers is given up when its time is over, at once for a time of 0', async () => {
  const agent = agentHere();
  const to = await fullBacklog();
  for (const giveUp of [0, 50]) {
    const failed = await failureOf(agent.tcpConnect({ to, giveUp }));
    expect(failed).toMatchObject({ kind: 'timeout', errno: 'ETIMEDOUT', syscall: 'connect' });
    expect(failed.after).toBeGreaterThanOrEqual(giveUp - 1); // A timer may be a fraction early.
  }
});

/** A listener that never accepts: its process is stopped and its backlog full, so each further SYN is dropped. */
async function fullBacklog(): Promise<Endpoint> {
  const script = `const server = require('node:net').createServer();
    server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const to = { address: '127.0.0.1', port: Number(line) };
  // A backlog of 1 holds two; the one after them is not answered.
  for (const _ of 'ab') {
    const socket = connect({ host: to.address, port: to.port });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
  }
  return to;
}

test('an address that this host has not is not available, one in use is in use', async () => {
  const agent = agentHere();
  const { at } = await peer();
  const away = agent.tcpConnect({ to: at, from: { address: '192.0.2.1' }, giveUp: LONG });
  expect(await failureOf(away)).toMatchObject({ kind: 'not-available', errno: 'EADDRNOTAVAIL' });
  const second = agent.tcpListen({ at });
  expect(await failureOf(second)).toMatchObject({ kind: 'in-use', errno: 'EADDRINUSE', syscall: 'listen' });
});

test('bytes that came before a reset are read first, also more than are read ahead', async () => {
  const agent = agentHere();
  const { handle: listener, local } = await agent.tcpListen({ at: { address: '127.0.0.1', port: 0 } });
  const socket = connect(local.port, local.address);
  const { handle, remote } = await agent.tcpAccept({ handle: listener, giveUp: LONG });
  // The first part fills what is read ahead, the second is still held by Node when the reset comes.
  const parts = [Buffer.alloc(70_000, 'abc'), Buffer.alloc(20_000, 'def')];
  for (const part of parts) {
    await new Promise((resolve) => socket.write(part, resolve));
    await untilTaken(agent, remote);
  }
  socket.resetAndDestroy();
  await agent.events.first(({ event }) => event === 'reset', LONG);
  const sent = Buffer.concat(parts);
  const got: Buffer[] = [];
  for (let length = 0; length < sent.length; length += got.at(-1)!.length) {
    got.push(Buffer.from((await agent.tcpReceive({ handle, max: 10_000, giveUp: LONG })).bytes));
  }
  expect(Buffer.concat(got).equals(sent)).toBe(true);
  for (const call of [
    () => agent.tcpReceive({ handle, max: 10, giveUp: LONG }),
    () => agent.tcpSend({ handle, bytes: sent, giveUp: LONG }),
    () => agent.tcpReset({ handle }),
    () => agent.tcpShutdown({ handle }),
  ]) {
    expect(await failureOf(call())).toMatchObject({ kind: 'reset', errno: 'ECONNRESET' });
  }
});

/** The kernel holds nothing any more of what this peer sent: the agent's process has read it all. */
async function untilTaken(agent: AgentCalls, from: Endpoint): Promise<void> {
  const held = async () => {
    const sockets = await agent.sockets();
    const ours = sockets.filter(({ transport, peer: { port } }) => transport === 'tcp' && port === from.port);
    return ours.map(({ state, receiveQueue }) => [state, receiveQueue]);
  };
  await expect.poll(held, { timeout: LONG }).toEqual([['ESTAB', 0]]);
}

test('a receive that waits ends as closed when its socket is closed or reset, and the handle is gone', async () => {
  const agent = agentHere();
  for (const end of ['close', 'tcpReset'] as const) {
    const { at } = await peer();
    const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
    const waiting = failureOf(agent.tcpReceive({ handle, max: 10, giveUp: LONG }));
    await agent[end]({ handle });
    expect(await waiting).toMatchObject({ kind: 'closed', syscall: 'read' });
    expect(await failureOf(agent.tcpReset({ handle }))).toMatchObject({ kind: 'closed', errno: 'EBADF' });
    await agent.close({ handle });
  }
});

test('what is closed or reset is not kept', async () => {
  const handles = new Handles();
  const tcp = tcpCalls(handles, () => {});
  const { at } = await peer();
  const [one, two] = [
    await tcp.tcpConnect({ to: at, giveUp: LONG }),
    await tcp.tcpConnect({ to: at, giveUp: LONG }),
  ];
  expect(handles.size).toBe(2);
  await tcp.tcpReset(one);
  expect(handles.size).toBe(1);
  await handles.close(two.handle);
  expect(handles.size).toBe(0);
});

test('a reset is a RST, also after our FIN', async () => {
  const agent = agentHere();
  for (const halfClosed of [false, true]) {
    const { at, accepted } = await peer();
    const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
    const socket = await accepted;
    if (halfClosed) await agent.tcpShutdown({ handle });
    await agent.tcpReset({ handle });
    const broken = once(socket, 'error').catch((error: Error) => [error]);
    const keep = setInterval(() => socket.write('are you there?'), 5);
    onTestFinished(() => clearInterval(keep));
    expect((await broken)[0]).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
  }
});

test('nothing comes: a receive is given up when its time is over, at once for a time of 0', async () => {
  const agent = agentHere();
  const { at } = await peer();
  const { handle, local } = await agent.tcpConnect({ to: at, giveUp: LONG });
  for (const giveUp of [0, 50]) {
    const failed = await failureOf(agent.tcpReceive({ handle, max: 10, giveUp }));
    expect(failed).toMatchObject({ kind: 'timeout', syscall: 'read', local });
    expect(failed.after).toBeGreaterThanOrEqual(giveUp - 1); // A timer may be a fraction early.
  }
});

test('a peer that does not read makes a send give up; what breaks later is told by the next call', async () => {
  const agent = agentHere();
  const { at, accepted } = await peer();
  const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
  const socket = await accepted;
  const bytes = Buffer.alloc(20_000_000);
  expect(await failureOf(agent.tcpSend({ handle, bytes, giveUp: 50 }))).toMatchObject({ kind: 'timeout' });
  expect(await failureOf(agent.tcpShutdown({ handle, giveUp: 50 }))).toMatchObject({
    kind: 'timeout',
    syscall: 'shutdown',
  });
  socket.resetAndDestroy();
  const broken = await failureOf(agent.tcpReceive({ handle, max: 10, giveUp: LONG }));
  expect(broken.kind).toBe('reset');
});

test('closing waits only a moment for a peer that does not read', async () => {
  const agent = agentHere();
  const { at } = await peer();
  const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
  const sending = failureOf(agent.tcpSend({ handle, bytes: Buffer.alloc(20_000_000), giveUp: LONG }));
  await agent.close({ handle });
  expect(await sending).toMatchObject({ kind: 'closed' });
});

test('a reader that does not read stops its peer: no more is taken than 64 KiB and what buffers hold', async () => {
  const agent = agentHere();
  const { at, accepted } = await peer();
  const { handle } = await agent.tcpConnect({ to: at, giveUp: LONG });
  const socket = await accepted;
  const sent = Buffer.alloc(30_000_000, 'abc');
  const all = new Promise((resolve) => socket.end(sent, () => resolve('all')));
  expect(await Promise.race([all, setTimeout(300, 'stopped')])).toBe('stopped');
  let got = 0;
  for (let end = false; !end; ) {
    const part = await agent.tcpReceive({ handle, max: 1_000_000, giveUp: LONG });
    got += part.bytes.length;
    end = part.end;
    expect(part.bytes.length).toBeLessThan(300_000);
  }
  expect(got).toBe(sent.length);
});

test('a listener accepts in order, and its events say what its host saw', async () => {
  const agent = agentHere();
  const { handle, local } = await agent.tcpListen({ at: { address: address(10), port: 0 } });
  const client = connect({ host: local.address, port: local.port, localAddress: address(21) });
  await once(client, 'connect');
  const accepted = await agent.tcpAccept({ handle, giveUp: LONG });
  const remote = { address: address(21), port: client.localPort };
  expect(accepted).toMatchObject({ local, remote });
  client.end('hello');
  await agent.events.first(({ event }) => event === 'end', LONG);
  expect(agent.events.all()).toMatchObject([
    { event: 'accept', transport: 'tcp', local, peer: remote },
    { event: 'receive', bytes: 5, text: 'hello', local, peer: remote },
    { event: 'end', local, peer: remote },
  ]);
  expect(agent.events.all()[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test('a listener tells a reset as a reset', async () => {
  const agent = agentHere();
  const { local } = await agent.tcpListen({ at: { address: '127.0.0.1', port: 0 } });
  const client = connect(local.port, local.address);
  await agent.events.first(({ event }) => event === 'accept', LONG);
  client.resetAndDestroy();
  expect(await agent.events.first(({ event }) => event === 'reset', LONG)).toMatchObject({
    code: 'ECONNRESET',
  });
});

test('an accept waits for its time, and ends as closed when the listener is closed', async () => {
  const agent = agentHere();
  const { handle, local } = await agent.tcpListen({ at: { address: '127.0.0.1', port: 0 } });
  expect(await failureOf(agent.tcpAccept({ handle, giveUp: 0 }))).toMatchObject({ kind: 'timeout' });
  const waiting = failureOf(agent.tcpAccept({ handle, giveUp: LONG }));
  await agent.close({ handle });
  expect(await waiting).toMatchObject({ kind: 'closed', syscall: 'accept' });
  expect(await failureOf(agent.tcpConnect({ to: local, giveUp: LONG }))).toMatchObject({ kind: 'refused' });
});

test('a closed listener ends those who wait for it, and leaves those it has accepted', async () => {
  const agent = agentHere();
  const { handle, local } = await agent.tcpListen({ at: { address: '127.0.0.1', port: 0 } });
  const [kept, waiting] = [await agent.tcpConnect({ to: local, giveUp: LONG }), agentHere()];
  const accepted = await agent.tcpAccept({ handle, giveUp: LONG });
  const late = await waiting.tcpConnect({ to: local, giveUp: LONG });
  await agent.events.first(({ peer }) => peer?.port === late.local.port, LONG);
  await agent.close({ handle });
  expect(await waiting.tcpReceive({ handle: late.handle, max: 1, giveUp: LONG })).toMatchObject({
    end: true,
  });
  await agent.tcpSend({ handle: accepted.handle, bytes: Buffer.from('on'), giveUp: LONG });
  const { bytes } = await agent.tcpReceive({ handle: kept.handle, max: 10, giveUp: LONG });
  expect(text(bytes)).toBe('on');
});

test('a handle that nobody gave, or of another kind, is closed to every call; closing it is no error', async () => {
  const agent = agentHere();
  const { handle } = await agent.tcpListen({ at: { address: '127.0.0.1', port: 0 } });
  const bytes = Buffer.from('x');
  for (const call of [
    () => agent.tcpSend({ handle, bytes, giveUp: 0 }),
    () => agent.tcpReceive({ handle: 'h99', max: 1, giveUp: 0 }),
    () => agent.tcpShutdown({ handle: 'h99' }),
    () => agent.tcpReset({ handle: 'h99' }),
    () => agent.tcpAccept({ handle: 'h99', giveUp: 0 }),
    () => agent.udpSend({ handle, bytes }),
    () => agent.udpReceive({ handle, giveUp: 0 }),
  ]) {
    expect(await failureOf(call())).toMatchObject({ kind: 'closed', errno: 'EBADF' });
  }
  await agent.close({ handle: 'h99' });
});

test('when the agent closes everything, no socket of it is left', async () => {
  const agent = agentHere();
  const { local } = await agent.tcpListen({ at: { address: '127.0.0.1', port: 0 } });
  const { handle } = await agent.tcpConnect({ to: local, giveUp: LONG });
  const { local: datagrams } = await agent.udpOpen({ bind: { address: address(21) } });
  await agent.closeAll();
  expect(await failureOf(agent.tcpReceive({ handle, max: 1, giveUp: 0 }))).toMatchObject({ kind: 'closed' });
  const other = agentHere();
  await other.tcpListen({ at: local });
  await other.udpOpen({ bind: datagrams });
});

describe('options of a connection', () => {
  async function connected() {
    const agent = agentHere();
    const { at, accepted } = await peer();
    const opened = await agent.tcpConnect({ to: at, giveUp: LONG });
    await accepted;
    return { ...opened, agent };
  }

  /** What the kernel's timer of this connection is for: `keepalive,9.9sec,0`, or nothing. */
  async function timerOf({ agent, local }: { agent: AgentCalls; local: Endpoint }): Promise<string> {
    const argv = ['ss', '-Htno', 'src', `${local.address}:${local.port}`];
    const { stdout } = await agent.exec({ argv, giveUp: LONG });
    return /timer:\((.+?)\)/.exec(text(stdout))?.[1] ?? '';
  }

  test('keepalive begins after the time that was said, and ends again', async () => {
    const one = await connected();
    const { agent, handle } = one;
    expect(await timerOf(one)).toBe('');
    await agent.tcpSet({ handle, options: { keepalive: { idle: 600_000, interval: 5000, count: 3 } } });
    expect(await timerOf(one)).toMatch(/^keepalive,(9|10)min/);
    await agent.tcpSet({ handle, options: { keepalive: false } });
    expect(await timerOf(one)).not.toMatch(/^keepalive,(9|10)min/);
  });

  test('without times it has those of the kernel', async () => {
    const one = await connected();
    await one.agent.tcpSet({ handle: one.handle, options: { keepalive: true } });
    const seconds = Number(await readFile('/proc/sys/net/ipv4/tcp_keepalive_time', 'utf8'));
    const minutes = Math.ceil(seconds / 60) - 1;
    expect(await timerOf(one)).toMatch(new RegExp(`^keepalive,${minutes}min`));
  });

  test('a time that the kernel does not take is its refusal', async () => {
    const { agent, handle } = await connected();
    const call = agent.tcpSet({ handle, options: { keepalive: { idle: 40_000_000 } } });
    expect(await failureOf(call)).toMatchObject({ kind: 'other', errno: 'EINVAL', syscall: 'setsockopt' });
  });

  test('of a connection that is over cannot be set', async () => {
    const { agent, handle } = await connected();
    await agent.tcpReset({ handle });
    const call = agent.tcpSet({ handle, options: { nodelay: false } });
    expect(await failureOf(call)).toMatchObject({ kind: 'closed', syscall: 'setsockopt' });
  });
});

test('a port is shared by listeners that all say so, and by no other', async () => {
  const agent = agentHere();
  const at = { address: address(31), port: await freePort(address(31)) };
  await agent.tcpListen({ at, reuse: true });
  await agent.tcpListen({ at, reuse: true });
  expect(await failureOf(agent.tcpListen({ at }))).toMatchObject({ kind: 'in-use' });
  const bind = at;
  await agent.udpOpen({ bind, reuse: true });
  await agent.udpOpen({ bind, reuse: true });
  expect(await failureOf(agent.udpOpen({ bind }))).toMatchObject({ kind: 'in-use' });
});

/** UDP by the agent on real sockets: sources, sizes, ICMP errors, listeners. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { everyAddress } from '../../lab/agent/addresses.ts';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import { address, agentHere, failureOf, LONG, text } from './setting.ts';

/** A UDP socket that the test plays. */
async function other(host = '127.0.0.1'): Promise<{ socket: Socket; at: Endpoint }> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  let open = true;
  socket.once('close', () => {
    open = false;
  });
  onTestFinished(() => void (open && socket.close()));
  const { address, port } = socket.address();
  return { socket, at: { address, port } };
}

const bytes = Buffer.from('hello');

test('a client is bound to the source of the route, and gets the answer with both addresses', async () => {
  const agent = agentHere();
  const { socket, at } = await other(address(11));
  const { handle, local } = await agent.udpOpen({ to: at });
  expect(local).toEqual({ address: '127.0.0.1', port: expect.any(Number) });
  const came = once(socket, 'message');
  expect(await agent.udpSend({ handle, bytes })).toEqual({ sent: 5 });
  const [message, sender] = await came;
  expect([text(message), sender.address, sender.port]).toEqual(['hello', local.address, local.port]);
  socket.send('HELLO', local.port, local.address);
  const answer = await agent.udpReceive({ handle, giveUp: LONG });
  expect({ ...answer, bytes: text(answer.bytes) }).toEqual({ from: at, to: local, bytes: 'HELLO' });
});

test('a datagram of no bytes is a datagram, and 65,507 are the most', async () => {
  const agent = agentHere();
  const { socket, at } = await other();
  const { handle, local } = await agent.udpOpen({ to: at });
  for (const length of [0, 65_507]) {
    socket.send(Buffer.alloc(length), local.port, local.address);
    expect((await agent.udpReceive({ handle, giveUp: LONG })).bytes).toHaveLength(length);
  }
  expect(await failureOf(agent.udpSend({ handle, bytes: Buffer.alloc(65_508) }))).toMatchObject({
    kind: 'too-large',
    errno: 'EMSGSIZE',
    local,
  });
});

test('a connected socket is told by ICMP that nobody listens, once', async () => {
  const agent = agentHere();
  const { socket, at } = await other();
  socket.close();
  const { handle, local } = await agent.udpOpen({ to: at, connect: true });
  await agent.udpSend({ handle, bytes });
  expect(await failureOf(agent.udpReceive({ handle, giveUp: LONG }))).toMatchObject({
    kind: 'refused',
    errno: 'ECONNREFUSED',
    local,
  });
  expect(await failureOf(agent.udpReceive({ handle, giveUp: 0 }))).toMatchObject({ kind: 'timeout' });
});

test('an unconnected socket hears nothing of ICMP', async () => {
  const agent = agentHere();
  const { socket, at } = await other();
  socket.close();
  const { handle } = await agent.udpOpen({ to: at });
  await agent.udpSend({ handle, bytes });
  expect(await failureOf(agent.udpReceive({ handle, giveUp: 100 }))).toMatchObject({
    kind: 'timeout',
    syscall: 'recvfrom',
  });
});

test('a connected socket sends to its peer and refuses any other', async () => {
  const agent = agentHere();
  const { socket, at } = await other();
  const { handle } = await agent.udpOpen({ to: at, connect: true });
  const came = once(socket, 'message');
  await agent.udpSend({ handle, bytes, to: at });
  await came;
  const elsewhere = agent.udpSend({ handle, bytes, to: { ...at, port: at.port ^ 1 } });
  expect(await failureOf(elsewhere)).toMatchObject({ kind: 'other', errno: 'EISCONN' });
});

test('a socket opened to somebody goes on speaking to them, whoever else writes', async () => {
  const agent = agentHere();
  const [asked, stranger] = [await other(), await other()];
  const { handle, local } = await agent.udpOpen({ to: asked.at });
  stranger.socket.send('psst', local.port, local.address);
  expect((await agent.udpReceive({ handle, giveUp: LONG })).from).toEqual(stranger.at);
  const came = once(asked.socket, 'message');
  await agent.udpSend({ handle, bytes });
  expect(text((await came)[0])).toBe('hello');
});

test('a listener answers whoever spoke last, from the address they asked, and tells what it heard', async () => {
  const agent = agentHere();
  const { handle, local } = await agent.udpOpen({ bind: { address: address(11) } });
  expect(await failureOf(agent.udpSend({ handle, bytes }))).toMatchObject({ errno: 'EDESTADDRREQ' });
  const { socket, at } = await other(address(21));
  socket.send('who is there', local.port, local.address);
  const { from, to } = await agent.udpReceive({ handle, giveUp: LONG });
  expect([from, to]).toEqual([at, local]);
  const came = once(socket, 'message');
  await agent.udpSend({ handle, bytes });
  expect((await came)[1]).toMatchObject(local);
  expect(agent.events.all()).toMatchObject([
    { event: 'receive', transport: 'udp', bytes: 12, text: 'who is there', local, peer: at },
  ]);
});

test('a listener without an address hears on each one of the host, on one port', async () => {
  const agent = agentHere();
  const { local } = await agent.udpOpen({ bind: { port: (await other()).at.port ^ 2 } });
  const sockets = await agent.sockets();
  const ours = sockets.filter(({ transport, local: { port } }) => transport === 'udp' && port === local.port);
  expect(ours.map(({ local: { address } }) => address).sort()).toEqual(everyAddress().sort());
});

test('a port that is taken is in use, and nothing is left of the attempt', async () => {
  const agent = agentHere();
  const { at } = await other();
  expect(await failureOf(agent.udpOpen({ bind: at }))).toMatchObject({ kind: 'in-use', syscall: 'bind' });
  const to = await failureOf(agent.udpOpen({ bind: { address: '192.0.2.1' }, to: at }));
  expect(to).toMatchObject({ kind: 'not-available' });
});

test('a client whose connect fails leaves no socket behind', async () => {
  const agent = agentHere();
  const { at } = await other(address(11));
  const before = (await agent.sockets()).length;
  for (let time = 0; time < 20; time += 1) {
    // From 127.0.0.1 there is no way out of this host.
    const failed = agent.udpOpen({
      bind: { address: at.address },
      to: { address: '192.0.2.1', port: 9 },
      connect: true,
    });
    await failed.then(
      ({ handle }) => agent.close({ handle }),
      () => {},
    );
  }
  expect((await agent.sockets()).filter(({ local }) => local.address === at.address)).toHaveLength(1);
  expect(before).toBeGreaterThan(0);
});

test('a receive that waits ends as closed when its socket is closed', async () => {
  const agent = agentHere();
  const { handle } = await agent.udpOpen({ bind: { address: '127.0.0.1' } });
  const waiting = failureOf(agent.udpReceive({ handle, giveUp: LONG }));
  await agent.close({ handle });
  expect(await waiting).toMatchObject({ kind: 'closed', syscall: 'recvfrom' });
  expect(await failureOf(agent.udpSend({ handle, bytes }))).toMatchObject({ kind: 'closed' });
});

test('datagrams that nobody asks for are held up to 1,000, and the first ones are those', async () => {
  const agent = agentHere();
  const { handle, local } = await agent.udpOpen({ bind: { address: '127.0.0.1' } });
  const { socket } = await other();
  for (let number = 0; number < 1_100; number += 1) {
    socket.send(String(number), local.port, local.address);
    await agent.events.first((event) => event.text === String(number), LONG);
  }
  for (let number = 0; number < 1_000; number += 1) {
    expect(text((await agent.udpReceive({ handle, giveUp: LONG })).bytes)).toBe(String(number));
  }
  expect(await failureOf(agent.udpReceive({ handle, giveUp: 0 }))).toMatchObject({ kind: 'timeout' });
});

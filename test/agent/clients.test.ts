/** The clients of the five programs, against servers that the test plays. */
import { createHash } from 'node:crypto';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { clientCalls } from '../../lab/agent/clients.ts';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import { Handles } from '../../lab/agent/handles.ts';
import { address, agentHere, failureOf, freePort, LONG, peer, text } from './setting.ts';

/** Answers each datagram with what `answer` makes of it; undefined is silence. */
async function responder(
  answer: (request: Buffer, from: RemoteInfo) => Buffer | string | undefined,
): Promise<Endpoint> {
  const socket = createSocket('udp4').bind(0, address(12));
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  socket.on('message', (request, from) => {
    const reply = answer(request, from);
    if (reply !== undefined) socket.send(reply, from.port, from.address);
  });
  const { address: host, port } = socket.address();
  return { address: host, port };
}

test('the time is what the server answers to a format', async () => {
  const { time } = agentHere();
  const to = await responder((request) => `[${request}]`);
  expect(await time({ to, format: '%H:%M', giveUp: LONG })).toEqual({
    local: { address: '127.0.0.1', port: expect.any(Number) },
    text: '[%H:%M]',
  });
});

test('a time server that is not there refuses; one that says nothing is given up', async () => {
  const { time } = agentHere();
  const away = { address: '127.0.0.1', port: await freePort() };
  expect(await failureOf(time({ to: away, format: '', giveUp: LONG }))).toMatchObject({ kind: 'refused' });
  const silent = await responder(() => undefined);
  const failed = await failureOf(time({ to: silent, format: '', giveUp: 20 }));
  expect(failed).toMatchObject({ kind: 'timeout', local: { address: '127.0.0.1' } });
});

/** A server whose clock is wrong by so many seconds. */
function ntpAnswer(request: Buffer, wrong: number): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = (request[0]! & 0b00_111_000) | 4;
  packet[1] = 2;
  packet.writeInt8(-20, 3);
  packet.writeUInt32BE(0x8000, 8);
  Buffer.from([10, 0, 0, 9]).copy(packet, 12);
  request.copy(packet, 24, 40, 48);
  const now = Date.now() / 1000 + wrong + 2_208_988_800;
  for (const at of [32, 40]) {
    packet.writeUInt32BE(Math.floor(now) % 2 ** 32, at);
    packet.writeUInt32BE(Math.floor((now % 1) * 2 ** 32), at + 4);
  }
  return packet;
}

test('the NTP client tells how wrong the server’s clock is, in either version and either era', async () => {
  const { ntp } = agentHere();
  for (const [version, wrong] of [
    [3, -3600],
    [4, 0],
    // Ten years on, in the era that begins in 2036.
    [4, 315_360_000],
  ] as const) {
    const to = await responder((request) => ntpAnswer(request, wrong));
    const answer = await ntp({ to, version, giveUp: LONG });
    expect(answer).toMatchObject({
      version,
      mode: 4,
      leap: 0,
      stratum: 2,
      precision: -20,
      referenceId: '10.0.0.9',
      rootDispersion: 0.5,
    });
    // Between the server's reading of its clock and ours lies the way of the datagrams, not less.
    expect(Math.abs(answer.offset - wrong)).toBeLessThanOrEqual(answer.delay / 2 + 0.002);
  }
});

test('what is no answer to this request is said to be none, with the reason', async () => {
  const { ntp } = agentHere();
  const cases: [RegExp, (packet: Buffer) => Buffer][] = [
    [/3 bytes, at least 48/, (packet) => packet.subarray(0, 3)],
    [/mode 3/, (packet) => packet.fill(packet[0]! - 1, 0, 1)],
    [/originate/, (packet) => packet.fill(0, 31, 32).fill(0xff, 24, 26)],
    [/transmit time stamp is zero/, (packet) => packet.fill(0, 40, 48)],
  ];
  for (const [words, spoil] of cases) {
    const to = await responder((request) => spoil(ntpAnswer(request, 0)));
    const failed = await failureOf(ntp({ to, version: 4, giveUp: LONG }));
    expect(failed).toMatchObject({ kind: 'other', message: expect.stringMatching(words) });
  }
});

test('a download is told by its size, sha256 and first bytes', async () => {
  const { download } = agentHere();
  const body = Buffer.alloc(300_000, 'abcdefg');
  const names: string[] = [];
  const { at } = await peer(address(13), (socket) => {
    socket.resume().once('data', (name) => {
      names.push(String(name));
      socket.end(body);
    });
  });
  const { head, ...found } = await download({ to: at, name: 'a.bin', keep: 70_001, giveUp: LONG });
  expect(found).toEqual({
    local: { address: expect.any(String), port: expect.any(Number) },
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
  expect(body.subarray(0, 70_001).equals(head)).toBe(true);
  expect(names).toEqual(['a.bin']);
});

test('a server that never stops is not listened to for ever', async () => {
  const { handle, local } = { handle: 'h1', local: { address: '10.0.0.1', port: 5 } };
  const endless = {
    ...agentHere(),
    tcpConnect: async () => ({ handle, local, remote: local }),
    tcpSend: async () => ({ sent: 1 }),
    tcpReceive: () => setImmediate({ bytes: Buffer.from('more'), end: false }),
  };
  const { download } = clientCalls(endless, new Handles());
  expect(await failureOf(download({ to: local, name: 'x', keep: 0, giveUp: 50 }))).toMatchObject({
    kind: 'timeout',
    syscall: 'download',
    local,
  });
});

test('a download that is reset on its way is a reset', async () => {
  const { download } = agentHere();
  const { at } = await peer('127.0.0.1', (socket) => {
    socket.resume().once('data', () => socket.write('half', () => socket.resetAndDestroy()));
  });
  expect(await failureOf(download({ to: at, name: 'x', keep: 9, giveUp: LONG }))).toMatchObject({
    kind: 'reset',
    local: { address: '127.0.0.1' },
  });
});

test('logging in to a chat gives the relay’s answer and a socket that is spoken on', async () => {
  const agent = agentHere();
  const to = await responder((request) =>
    String(request) === '/login bob' ? 'welcome bob' : `you: ${request}`,
  );
  const { handle, answer } = await agent.chat({ to, name: 'bob', giveUp: LONG });
  expect(answer).toBe('welcome bob');
  await agent.udpSend({ handle, bytes: Buffer.from('hi') });
  expect(text((await agent.udpReceive({ handle, giveUp: LONG })).bytes)).toBe('you: hi');
});

test('a chat where nobody answers is given up, and its socket is closed', async () => {
  const agent = agentHere();
  const to = await responder(() => undefined);
  const failed = await failureOf(agent.chat({ to, name: 'bob', giveUp: 20 }));
  expect(failed).toMatchObject({ kind: 'timeout', syscall: 'chat', local: { address: '127.0.0.1' } });
  const { port } = failed.local!;
  await agent.udpOpen({ bind: { address: '127.0.0.1', port } });
});

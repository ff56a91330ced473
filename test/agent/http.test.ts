/** The agent's client of HTTP, against Node's own server and against servers that the test plays byte by byte. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import type { HttpRequest } from '../../lab/agent/protocol.ts';
import { address, agentHere, failureOf, freePort, LONG, peer, text } from './setting.ts';

const GET: HttpRequest = { method: 'GET', path: '/', headers: [['Host', 'web']] };

async function web(answer: RequestListener): Promise<Endpoint> {
  const server = createServer(answer).listen(0, address(30));
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { address: host, port } = server.address() as Endpoint;
  return { address: host, port };
}

/** A server that answers the first bytes that come. */
async function playing(answer: (socket: Socket) => void): Promise<Endpoint> {
  const { at } = await peer(address(31), (socket) => {
    socket.resume().once('data', () => answer(socket));
  });
  return at;
}

async function asking(to: Endpoint) {
  const agent = agentHere();
  const opened = await agent.httpOpen({ to, giveUp: LONG });
  const ask = (request: Partial<HttpRequest> = {}, { keep = 1000, giveUp = LONG } = {}) =>
    agent.httpAsk({ handle: opened.handle, request: { ...GET, ...request }, keep, giveUp });
  return { ...opened, agent, ask };
}

test('a request is sent as it was written, and its answer has status, headers and body', async () => {
  const to = await web((request, response) => {
    response.setHeader('X-Seen', `${request.method} ${request.url}`);
    response.setHeader('X-Head', request.rawHeaders.slice(0, 4).join(' '));
    response.writeHead(201, 'Made it', { 'Set-Cookie': ['a=1', 'b=2'] });
    request.pipe(response);
  });
  const { ask } = await asking(to);
  const headers: HttpRequest['headers'] = [
    ['Host', 'web:8080'],
    ['X-Word', 'hello'],
  ];
  const found = await ask({ method: 'PUT', path: '/a?b=c', headers, body: Buffer.from('the body') });
  expect(found).toMatchObject({ status: 201, reason: 'Made it', version: '1.1', bytes: 8 });
  expect(found.headers).toMatchObject({
    'x-seen': 'PUT /a?b=c',
    'x-head': 'Host web:8080 X-Word hello',
    'set-cookie': 'a=1, b=2',
  });
  expect(text(found.head)).toBe('the body');
});

test('requests go over one connection, one after the other', async () => {
  const ports: number[] = [];
  const to = await web((request, response) => {
    ports.push(request.socket.remotePort!);
    response.end(request.url);
  });
  const { ask, local } = await asking(to);
  for (const path of ['/one', '/two', '/three']) expect(text((await ask({ path })).head)).toBe(path);
  expect(ports).toEqual([local.port, local.port, local.port]);
});

test('of a long body the beginning is kept, and its size and hash are those of all of it', async () => {
  const body = Buffer.alloc(300_000, 'abcdefg');
  const { ask } = await asking(await web((_, response) => response.end(body)));
  const found = await ask({}, { keep: 70_001 });
  expect(found).toMatchObject({ bytes: 300_000, sha256: createHash('sha256').update(body).digest('hex') });
  expect(body.subarray(0, 70_001).equals(found.head)).toBe(true);
});

test('an answer to HEAD has no body, though its headers tell of one', async () => {
  const { ask } = await asking(await web((_, response) => response.setHeader('Content-Length', 5).end()));
  expect(await ask({ method: 'HEAD' })).toMatchObject({
    status: 200,
    bytes: 0,
    headers: { 'content-length': '5' },
  });
  expect(await ask({ method: 'HEAD' })).toMatchObject({ status: 200 });
});

test('a redirect is an answer like any other', async () => {
  const to = await web((_, response) => response.writeHead(302, { Location: '/other' }).end());
  const { ask } = await asking(to);
  expect(await ask()).toMatchObject({ status: 302, headers: { location: '/other' } });
});

test('an answer without a length ends with the connection', async () => {
  const to = await playing((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nto the end'));
  const { ask } = await asking(to);
  const found = await ask();
  expect(found).toMatchObject({ status: 200, version: '1.0' });
  expect(text(found.head)).toBe('to the end');
  expect(await failureOf(ask())).toMatchObject({ kind: 'closed', errno: 'EOF' });
});

test('a server that changes the protocol has answered with 101', async () => {
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\nnot HTTP';
  const { ask } = await asking(await playing((socket) => socket.write(upgrade)));
  expect(await ask()).toMatchObject({ status: 101, headers: { upgrade: 'other' }, bytes: 0 });
});

test('nobody at the port is a refusal', async () => {
  const to = { address: '127.0.0.1', port: await freePort() };
  expect(await failureOf(agentHere().httpOpen({ to, giveUp: LONG }))).toMatchObject({ kind: 'refused' });
});

test('a server that is silent, or stops in the middle, is given up', async () => {
  const silent = await asking(await playing(() => {}));
  const failed = await failureOf(silent.ask({}, { giveUp: 50 }));
  expect(failed).toMatchObject({ kind: 'timeout', syscall: 'read', local: silent.local });
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe';
  const stopping = await asking(await playing((socket) => socket.write(half)));
  expect(await failureOf(stopping.ask({}, { giveUp: 100 }))).toMatchObject({ kind: 'timeout' });
});

test('a FIN in place of an answer, or of its rest, is no reset; a RST is one', async () => {
  const answers: [string, 'closed' | 'reset'][] = [
    ['', 'closed'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe', 'closed'],
    ['', 'reset'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe', 'reset'],
  ];
  for (const [answer, kind] of answers) {
    const { ask, local } = await asking(
      await playing((socket) => {
        if (kind === 'closed') socket.end(answer);
        else if (answer === '') socket.resetAndDestroy();
        else socket.write(answer, () => socket.resetAndDestroy());
      }),
    );
    const errno = kind === 'closed' ? 'EOF' : 'ECONNRESET';
    expect(await failureOf(ask()), `${kind} after ${answer}`).toMatchObject({ kind, errno, local });
  }
});

test('a FIN behind an answer that is complete ends the connection for the next request', async () => {
  const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
  const { ask } = await asking(await playing((socket) => socket.end(whole)));
  expect(text((await ask()).head)).toBe('hi');
  // The FIN may come before the next request or behind it.
  expect(await failureOf(ask({}, { giveUp: 1000 }))).toMatchObject({ kind: 'closed', errno: 'EOF' });
});

test('an answer that is not HTTP is shown', async () => {
  const { ask } = await asking(await playing((socket) => socket.write('220 mail.example ESMTP\r\n')));
  const failed = await failureOf(ask());
  expect(failed).toMatchObject({ kind: 'other', errno: expect.stringMatching(/^HPE_/) });
  expect(text(failed.came!)).toBe('220 mail.example ESMTP\r\n');
});

test('a connection that was closed, or that has ended, takes no further request', async () => {
  const to = await web((_, response) => response.setHeader('Connection', 'close').end('bye'));
  const { agent, ask, handle } = await asking(to);
  expect(text((await ask()).head)).toBe('bye');
  expect(await failureOf(ask())).toMatchObject({ kind: 'closed', errno: 'EOF' });
  await agent.close({ handle });
  expect(await failureOf(ask())).toMatchObject({ kind: 'closed', errno: 'EBADF' });
});

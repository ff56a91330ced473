/** The agent's client of HTTP over TLS, against Node's own server: what it trusts, and how it fails. */
import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Endpoint } from '../../lab/agent/endpoint.ts';
import { NOT_TLS } from '../../lab/agent/protocol.ts';
import { type CertificateFiles, certificateFor } from '../certificates/files.ts';
import { address, agentHere, failureOf, freePort, LONG, peer, text } from './setting.ts';

const DAY = 24 * 3600 * 1000;
const GET = { method: 'GET', path: '/', headers: [['Host', 'web'] as [string, string]] };

async function web({ cert, keyText }: CertificateFiles, more: ServerOptions = {}) {
  const asked: (string | false | null | undefined)[] = [];
  const server = createServer({ cert, key: keyText, ...more }, (request, response) =>
    response.end(request.url),
  );
  server.on('secureConnection', ({ servername, alpnProtocol }) => asked.push(servername, alpnProtocol));
  server.listen(0, address(32));
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { address: host, port } = server.address() as Endpoint;
  return { to: { address: host, port }, asked };
}

/** A server that does this when a client has sent its first bytes. */
async function playing(answer: (socket: Socket) => void): Promise<Endpoint> {
  const { at } = await peer(address(33), (socket) => {
    socket.resume().once('data', () => answer(socket));
  });
  return at;
}

test('a server is asked for by its name, and its session is told', async () => {
  const files = certificateFor(['web']);
  const { to, asked } = await web(files);
  const agent = agentHere();
  const { handle, tls, keys } = await agent.httpOpen({
    to,
    giveUp: LONG,
    tls: { name: 'web', ca: files.ca },
  });
  expect(tls).toEqual({
    version: 'TLSv1.3',
    cipher: expect.stringMatching(/^TLS_/),
    serverName: 'web',
    signedBy: 'lanlab test CA',
  });
  for (const path of ['/one', '/two']) {
    const answer = await agent.httpAsk({ handle, request: { ...GET, path }, keep: 100, giveUp: LONG });
    expect(text(answer.head)).toBe(path);
  }
  expect(asked).toEqual(['web', 'http/1.1']);
  expect(keys).toContainEqual(expect.stringMatching(/^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]+$/));
});

test('an older version is spoken where the server has no other', async () => {
  const files = certificateFor(['web']);
  const { to } = await web(files, { maxVersion: 'TLSv1.2' });
  const { tls, keys } = await agentHere().httpOpen({ to, giveUp: LONG, tls: { name: 'web', ca: files.ca } });
  expect(tls).toMatchObject({ version: 'TLSv1.2', cipher: expect.stringMatching(/^TLS_ECDHE_/) });
  expect(keys).toEqual([expect.stringMatching(/^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/)]);
});

test('a server is known by its address, too, which is no name of the handshake', async () => {
  const files = certificateFor(['web'], [address(32)]);
  const { to, asked } = await web(files);
  const agent = agentHere();
  const { tls } = await agent.httpOpen({ to, giveUp: LONG, tls: { name: to.address, ca: files.ca } });
  expect(tls).not.toHaveProperty('serverName');
  await expect.poll(() => asked).toEqual([false, 'http/1.1']);
});

test('a certificate that is not trusted is told with its facts, and nothing is asked', async () => {
  const files = certificateFor(['web', 'web.lan'], ['10.50.1.10']);
  const old = certificateFor(['web'], [], Date.now() - 400 * DAY);
  const early = certificateFor(['web'], [], Date.now() + 400 * DAY);
  const cases = [
    { files, name: 'mail', ca: files.ca, fault: 'other-name' },
    { files, name: address(32), ca: files.ca, fault: 'other-name' },
    { files, name: 'web', ca: old.ca, fault: 'other-signer' },
    { files: old, name: 'web', ca: old.ca, fault: 'expired' },
    { files: early, name: 'web', ca: early.ca, fault: 'not-yet' },
  ];
  for (const { files, name, ca, fault } of cases) {
    const { to } = await web(files);
    const failed = await failureOf(agentHere().httpOpen({ to, giveUp: LONG, tls: { name, ca } }));
    expect(failed, `${name} ${fault}`).toMatchObject({
      kind: 'untrusted',
      syscall: 'handshake',
      untrusted: { fault, signedBy: 'lanlab test CA' },
    });
    expect(failed.keys?.length).toBeGreaterThan(0);
    expect(failed.untrusted?.names[0]).toBe('DNS:web');
    expect(failed.untrusted!.to - failed.untrusted!.from).toBe(366 * DAY);
  }
});

test('nothing is trusted where the file with the CA is missing', async () => {
  const { to } = await web(certificateFor(['web']));
  const tls = { name: 'web', ca: '/nowhere/ca.pem' };
  const failed = await failureOf(agentHere().httpOpen({ to, giveUp: LONG, tls }));
  expect(failed).toMatchObject({ kind: 'other', errno: 'ENOENT' });
});

test('the port itself is refused as without TLS', async () => {
  const to = { address: '127.0.0.1', port: await freePort() };
  const tls = { name: 'web', ca: certificateFor(['web']).ca };
  expect(await failureOf(agentHere().httpOpen({ to, giveUp: LONG, tls }))).toMatchObject({ kind: 'refused' });
});

test('a server that answers in something else does not speak TLS', async () => {
  const { ca } = certificateFor(['web']);
  for (const words of ['HTTP/1.1 400 Bad Request\r\n\r\n', '220 mail ESMTP\r\n', '\0\0\0\0\0\0']) {
    const to = await playing((socket) => socket.write(words));
    const failed = await failureOf(agentHere().httpOpen({ to, giveUp: LONG, tls: { name: 'web', ca } }));
    expect(failed, words).toMatchObject({ kind: 'other', errno: NOT_TLS, syscall: 'handshake' });
  }
});

test('an alert is told by its code', async () => {
  const { ca } = certificateFor(['web']);
  // Fatal, handshake_failure (RFC 8446 section 6).
  const to = await playing((socket) => socket.write(Buffer.from('15030300020228', 'hex')));
  const failed = await failureOf(agentHere().httpOpen({ to, giveUp: LONG, tls: { name: 'web', ca } }));
  expect(failed).toMatchObject({ kind: 'other', errno: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE' });
});

test('silence, a FIN and a RST in place of the handshake are three things', async () => {
  const { ca } = certificateFor(['web']);
  const failing = async (answer: (socket: Socket) => void, giveUp = LONG) => {
    const to = await playing(answer);
    return failureOf(agentHere().httpOpen({ to, giveUp, tls: { name: 'web', ca } }));
  };
  expect(await failing(() => {}, 100)).toMatchObject({ kind: 'timeout', syscall: 'handshake' });
  expect(await failing((socket) => socket.end())).toMatchObject({ kind: 'closed', errno: 'EOF' });
  expect(await failing((socket) => socket.resetAndDestroy())).toMatchObject({
    kind: 'reset',
    errno: 'ECONNRESET',
  });
});

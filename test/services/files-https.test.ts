/** The program files over HTTPS: the same files, and the events of clients that do not get through the handshake. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { createFiles, type FilesOptions } from '../../services/files/server.ts';
import { certificateFor } from '../certificates/files.ts';
import { tcpClient } from './clients.ts';
import { recorder } from './recorder.ts';

const root = mkdtempSync(join(tmpdir(), 'lanlab-https-'));
const big = randomBytes(20_000_000);
writeFileSync(join(root, 'hello.txt'), 'hello');
writeFileSync(join(root, 'big'), big);
afterAll(() => rmSync(root, { recursive: true }));

const PORTS = { port: 0, httpPort: 0, httpsPort: 0, tftpPort: 0, greetingPort: 0 };

async function started(options: FilesOptions = {}) {
  const files = certificateFor(['web']);
  const events = recorder();
  const service = await createFiles({
    hosts: ['127.0.0.1'],
    root,
    onEvent: events.onEvent,
    ...PORTS,
    certificateFile: files.certificate,
    keyFile: files.key,
    ...options,
  });
  const port = service.addresses.find((one) => one.service === 'https')!.port;
  const trust = { ca: readFileSync(files.ca), servername: 'web' };
  const get = async (path: string) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, ...trust }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await answer.toArray());
    return { status: answer.statusCode, text: body.toString() };
  };
  const dial = async (): Promise<TLSSocket> => {
    const socket = connect({ host: '127.0.0.1', port, ...trust });
    socket.allowHalfOpen = true;
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    return socket;
  };
  return { events, service, port, get, dial, [Symbol.asyncDispose]: () => service.close(0) };
}

describe('files over HTTPS', () => {
  test('a file comes, and the events are those of the port without TLS', async () => {
    await using files = await started();
    expect(await files.get('/hello.txt')).toEqual({ status: 200, text: 'hello' });
    expect((await files.get('/none')).status).toBe(404);
    const { peer } = await files.events.seen({ event: 'accept' });
    expect(await files.events.seen({ event: 'receive', text: 'hello.txt' })).toMatchObject({ peer });
    expect(await files.events.seen({ event: 'send', file: 'hello.txt' })).toMatchObject({
      peer,
      status: 200,
    });
    // Bytes are those of HTTP, not those of its records.
    const closed = await files.events.seen((one) => one.event === 'close' && one.peer?.port === peer?.port);
    expect(closed).toMatchObject({ by: 'server' });
    expect(closed.received).toBeLessThan(200);
    expect(files.events.matching({ event: 'accept' })).toHaveLength(2);
  });

  test('a client that has ended its side after its request still gets the answer', async () => {
    await using files = await started();
    const socket = await files.dial();
    socket.end('GET /hello.txt HTTP/1.1\r\nHost: web\r\n\r\n');
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toMatch(/hello$/);
  });

  test('a client that reads slowly gets the bytes of the file: no part is overwritten before it is sent', async () => {
    await using files = await started();
    const socket = await files.dial();
    socket.write('GET /big HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
    const parts: Buffer[] = [];
    for await (const part of socket) {
      parts.push(part as Buffer);
      await new Promise(setImmediate);
    }
    const answer = Buffer.concat(parts);
    expect(answer.subarray(answer.indexOf('\r\n\r\n') + 4).equals(big)).toBe(true);
  });

  test('a client of plain HTTP is told to be one, and closed', async () => {
    await using files = await started();
    using client = await tcpClient(files.port);
    client.socket.write('GET / HTTP/1.1\r\nHost: web\r\n\r\n');
    expect((await client.rest()).toString('latin1')).not.toContain('HTTP');
    const peer = { address: '127.0.0.1', port: client.port };
    expect(await files.events.seen({ event: 'error', peer })).toMatchObject({ code: 'ERR_SSL_HTTP_REQUEST' });
    expect(await files.events.seen({ event: 'close', peer })).toMatchObject({ by: 'peer', sent: 0 });
  });

  test.each([
    ['leaves', (socket: { destroySoon(): void }) => socket.destroySoon()],
    ['resets', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
  ] as const)('a client that %s before its handshake has come and gone', async (_, leave) => {
    await using files = await started();
    using client = await tcpClient(files.port);
    const peer = { address: '127.0.0.1', port: client.port };
    await files.events.seen({ event: 'accept', peer });
    leave(client.socket);
    expect(await files.events.seen({ event: 'close', peer })).toMatchObject({ received: 0, sent: 0 });
    expect((await files.get('/hello.txt')).status).toBe(200);
  });

  test('a client that does not begin its handshake is closed', async () => {
    await using files = await started({ idleMs: 200 });
    using client = await tcpClient(files.port);
    expect(await client.rest()).toHaveLength(0);
    expect(await files.events.seen({ event: 'close' })).toMatchObject({ received: 0 });
  });

  test('clients in the middle of a handshake do not keep the program from ending', async () => {
    const files = await started();
    using client = await tcpClient(files.port);
    await files.events.seen({ event: 'accept' });
    await files.service.close(50);
    expect(await client.rest()).toHaveLength(0);
  });

  test('without a certificate there is no such port', async () => {
    const plain = await createFiles({ hosts: ['127.0.0.1'], root, ...PORTS });
    expect(plain.addresses.map(({ service }) => service)).not.toContain('https');
    await plain.close(0);
  });

  test('a certificate without its key, with another one, or that is none, ends the start with a hint', async () => {
    const [one, other] = [certificateFor(['web']), certificateFor(['web'])];
    const failing = (certificateFile?: string, keyFile?: string) =>
      expect(
        createFiles({
          hosts: ['127.0.0.1'],
          root,
          ...PORTS,
          ...(certificateFile !== undefined && { certificateFile }),
          ...(keyFile !== undefined && { keyFile }),
        }),
      ).rejects;
    await failing(one.certificate).toThrow(/^TLS_KEY is missing\. Set TLS_CERT and TLS_KEY to PEM files/);
    await failing(undefined, one.key).toThrow(/^TLS_CERT is missing\./);
    await failing('/nowhere', one.key).toThrow(/^TLS_CERT is "\/nowhere": it cannot be read\./);
    await failing(one.certificate, other.key).toThrow(/^TLS_CERT and TLS_KEY cannot be used: .*mismatch/);
    await failing(join(root, 'hello.txt'), one.key).toThrow(/^TLS_CERT and TLS_KEY cannot be used: /);
  });
});

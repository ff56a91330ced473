/** The program files over HTTP: ranges, conditions, digests, listings, and what it does with wrong requests. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFiles, type FilesOptions } from '../../services/files/server.ts';
import { tcpClient } from './clients.ts';
import { recorder } from './recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-http-'));
const root = join(folder, 'root');
const big = randomBytes(3_000_000);

beforeAll(() => {
  mkdirSync(join(root, 'sub', 'naïve <名>'), { recursive: true });
  writeFileSync(join(root, 'hello.txt'), 'hello');
  writeFileSync(join(root, 'big.bin'), big);
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, '.hidden'), 'hidden');
  writeFileSync(join(root, 'sub', 'a "b" & c'), 'quoted');
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync('../secret', join(root, 'out'));
  symlinkSync('..', join(root, 'up'));
  symlinkSync('hello.txt', join(root, 'in'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function started(options: FilesOptions = {}) {
  const events = recorder();
  const ports = { port: 0, httpPort: 0, tftpPort: 0, greetingPort: 0 };
  const service = await createFiles({
    hosts: ['127.0.0.1'],
    root,
    onEvent: events.onEvent,
    ...ports,
    ...options,
  });
  const port = service.addresses.find((one) => one.service === 'http')!.port;
  /** One request as it is written, and all that comes until the server closes. */
  const raw = async (text: string | Buffer): Promise<string> => {
    using client = await tcpClient(port);
    client.socket.write(text);
    return (await client.rest()).toString('latin1');
  };
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const asked = request({ port, path, headers, method, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await answer.toArray());
    return { status: answer.statusCode, headers: answer.headers, body, text: body.toString() };
  };
  const status = async (path: string): Promise<number> => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    return Number(answer.split(' ')[1]);
  };
  return { events, service, port, raw, get, status, [Symbol.asyncDispose]: () => service.close(0) };
}

describe('files over HTTP', () => {
  test('a file comes whole, with its type, size and date, and the events name it as the tutorial’s protocol does', async () => {
    await using files = await started();
    const answer = await files.get('/big.bin?x=1#y');
    expect(answer.body.equals(big)).toBe(true);
    expect(answer.status).toBe(200);
    expect((await files.get('/hello.txt')).headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['content-length']).toBe('3000000');
    expect(Date.parse(answer.headers['last-modified'] ?? '')).toBeGreaterThan(0);
    const told = { text: 'big.bin', bytes: 7, method: 'GET' };
    expect(await files.events.seen({ event: 'receive' })).toMatchObject(told);
    expect(await files.events.seen({ event: 'send' })).toMatchObject({
      file: 'big.bin',
      size: 3e6,
      status: 200,
    });
  });

  test.each([
    ['bytes=1-3', 206, 'ell', 'bytes 1-3/5'],
    ['bytes=2-', 206, 'llo', 'bytes 2-4/5'],
    ['bytes=-2', 206, 'lo', 'bytes 3-4/5'],
    ['bytes=3-99', 206, 'lo', 'bytes 3-4/5'],
    ['bytes=5-', 416, null, 'bytes */5'],
    ['lines=1-2', 200, 'hello', null],
    ['bytes=3-1', 416, null, 'bytes */5'],
  ])('the range %s is answered with %i', async (range, status, body, contentRange) => {
    await using files = await started();
    const answer = await files.get('/hello.txt', { range });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-range']).toBe(contentRange ?? undefined);
    if (body !== null) expect(answer.text).toBe(body);
  });

  test('conditions hold for the file as it is now', async () => {
    await using files = await started();
    const path = join(root, 'changing');
    writeFileSync(path, 'first');
    const etag = (await files.get('/changing')).headers.etag ?? '';
    expect(etag).toMatch(/^"[0-9a-f]+-5"$/);
    const status = async (headers: Record<string, string>) => (await files.get('/changing', headers)).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-match': etag })).toBe(200);
    expect(await status({ 'if-range': etag, range: 'bytes=1-' })).toBe(206);
    // Of the same size: the time alone tells.
    writeFileSync(path, 'other');
    expect(await status({ 'if-none-match': etag })).toBe(200);
    expect(await status({ 'if-match': etag })).toBe(412);
    expect(await status({ 'if-range': etag, range: 'bytes=1-' })).toBe(200);
    const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
    expect(await status({ 'if-modified-since': past })).toBe(200);
    expect(await status({ 'if-unmodified-since': past })).toBe(412);
    expect(await files.events.seen({ event: 'refuse', reason: 'condition' })).toMatchObject({ status: 412 });
    expect(await files.events.seen({ event: 'send', status: 304 })).toMatchObject({ file: 'changing' });
  });

  test('HEAD has the headers of GET and no body', async () => {
    await using files = await started();
    const [head, get] = [await files.get('/big.bin', {}, 'HEAD'), await files.get('/big.bin')];
    const { date: _, ...headers } = get.headers;
    expect(head.headers).toMatchObject(headers);
    expect(head.body.length).toBe(0);
  });

  test('a digest is of the whole file, also with a part of it, and only for those who ask', async () => {
    await using files = await started();
    const digest = (algorithm: string) => createHash(algorithm).update(big).digest('base64');
    const asked = async (want: string) => {
      const headers = { 'want-repr-digest': want, range: 'bytes=1-2' };
      return (await files.get('/big.bin', headers)).headers['repr-digest'];
    };
    expect(await asked('sha-256=1')).toBe(`sha-256=:${digest('sha256')}:`);
    expect(await asked('sha-256=3, sha-512=10')).toBe(`sha-512=:${digest('sha512')}:`);
    expect(await asked('sha-256=0, md5=9')).toBe(undefined);
    expect((await files.get('/hello.txt')).headers['repr-digest']).toBe(undefined);
  });

  test('a folder is listed as HTML and as JSON, without what nobody can have', async () => {
    await using files = await started();
    const json = await files.get('/', { accept: 'application/json' });
    expect(json.headers['content-type']).toBe('application/json');
    const entries = JSON.parse(json.text) as { name: string; type: string; size?: number; mtime: string }[];
    const known = ['sub', 'big.bin', 'empty', 'hello.txt', 'in'];
    expect(entries.map(({ name }) => name).filter((name) => name !== 'changing')).toEqual(known);
    expect(entries[0]).toMatchObject({ name: 'sub', type: 'directory' });
    expect(entries.find(({ name }) => name === 'big.bin')).toMatchObject({ type: 'file', size: 3_000_000 });
    const html = await files.get('/sub/');
    expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
    const links = [...html.text.matchAll(/href="([^"]*)"/g)].map(([, link]) => link!);
    expect(links).toEqual(['../', './na%C3%AFve%20%3C%E5%90%8D%3E/', './a%20%22b%22%20%26%20c']);
    expect(html.text).toContain('>a &quot;b&quot; &amp; c</a>');
    expect((await files.get(`/sub/${links[2]}`)).text).toBe('quoted');
  });

  test('a folder without its slash is a redirect to it', async () => {
    await using files = await started();
    const answer = await files.get('/sub/na%C3%AFve%20%3C%E5%90%8D%3E');
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe('/sub/na%C3%AFve%20%3C%E5%90%8D%3E/');
    expect((await files.get('//sub')).headers.location).toBe('/sub/');
  });

  test.each([
    ['/nope', 404, 'missing'],
    ['/hello.txt/', 404, 'missing'],
    ['/fifo', 404, 'invalid'],
    ['/%c4%e3', 404, 'invalid'],
    ['/../secret', 403, 'outside'],
    ['/%2e%2e/secret', 403, 'outside'],
    ['/sub/..%2f..%2fsecret', 403, 'outside'],
    ['/%2fetc/passwd', 404, 'missing'],
    ['/out', 403, 'outside'],
    ['/up/secret', 403, 'outside'],
    ['/%zz', 400, 'malformed'],
    ['/hello.txt%00', 400, 'malformed'],
    ['http://x/../secret', 403, 'outside'],
    ['*', 404, 'missing'],
  ])('%s gets %i and the event says %s', async (path, status, reason) => {
    await using files = await started();
    expect(await files.status(path)).toBe(status);
    expect(await files.events.seen({ event: 'refuse' })).toMatchObject({ reason, status });
    expect(files.events.matching({ event: 'send' })).toEqual([]);
  });

  test('another method is answered with those that are allowed, and ends the connection with what it brought', async () => {
    await using files = await started();
    const answer = await files.raw(
      'PUT /hello.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\noverwrite',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 405 .*\r\nAllow: GET, HEAD\r\n/s);
    const two =
      'GET /empty HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: x\r\n\r\n';
    expect((await files.raw(two)).match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test('a client that has ended its side after its request gets the whole answer', async () => {
    await using files = await started();
    using client = await tcpClient(files.port);
    client.socket.end('GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await client.rest()).subarray(-big.length).equals(big)).toBe(true);
  });

  test('several requests on one connection are answered in their order', async () => {
    await using files = await started();
    const ask = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const answer = await files.raw(
      ask('/big.bin') + ask('/nope') + ask('/hello.txt', 'Connection: close\r\n'),
    );
    const second = answer.slice(big.length);
    expect(second.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
    expect(answer.endsWith('\r\n\r\nhello')).toBe(true);
  });

  test('a client with too many requests at once is dropped with the reason', async () => {
    await using files = await started();
    using client = await tcpClient(files.port);
    client.socket.write('GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000));
    await new Promise((resolve) => client.socket.resume().once('close', resolve));
    expect(await files.events.seen({ event: 'refuse' })).toMatchObject({
      reason: 'more than 16 requests at once',
    });
    expect(await files.events.seen({ event: 'close' })).toMatchObject({ by: 'server' });
    expect(files.events.matching({ event: 'receive' }).length).toBeLessThan(3);
  });

  test('a file that becomes shorter while it is sent does not look complete', async () => {
    await using files = await started();
    const path = join(root, 'shrinking');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30);
    using client = await tcpClient(files.port);
    client.socket.pause();
    client.socket.write('GET /shrinking HTTP/1.1\r\nHost: x\r\n\r\n');
    await files.events.seen({ event: 'send', file: 'shrinking' });
    truncateSync(path, 0);
    expect((await client.rest()).length).toBeLessThan(2 ** 30);
    expect(await files.events.seen({ event: 'close' })).toMatchObject({ by: 'server' });
    rmSync(path);
  });

  test('a head that does not come in its time is answered with 408, and an idle connection ends', async () => {
    await using files = await started({ idleMs: 500 });
    using slow = await tcpClient(files.port);
    slow.socket.write('GET /hello.txt HTT');
    expect((await slow.rest()).toString()).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
    await files.events.seen({ event: 'close' });
  });
});

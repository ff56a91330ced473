/** The step http on real sockets, against Node's own server. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Loopback, loopback, summary } from './loopback.ts';

let lab: Loopback;
beforeAll(async () => {
  lab = await loopback();
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Paths of the server: what they answer. */
const PATHS: Record<string, RequestListener> = {
  '/': (_, response) => response.setHeader('Content-Type', 'text/plain').end('hello'),
  '/port': (request, response) => response.end(String(request.socket.remotePort)),
  '/echo': (request, response) => request.pipe(response),
  '/headers': (request, response) => response.end(JSON.stringify(request.rawHeaders)),
  '/there': (_, response) => response.writeHead(302, { Location: '/' }).end(),
  '/big': (_, response) => response.end(Buffer.alloc(3_000_000, 'abc')),
  '/close': (_, response) => response.setHeader('Connection', 'close').end('bye'),
  '/silent': () => {},
};

/** A server at the address of `bounce`, whose port this is. */
async function web(): Promise<number> {
  const server = createServer((request, response) => {
    const answer = PATHS[request.url!.replace(/\?.*/, '')];
    if (answer) answer(request, response);
    else response.writeHead(404).end(`no ${request.url}`);
  }).listen(0, lab.address('bounce'));
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

async function run(http: Record<string, unknown>, expected?: Record<string, unknown>) {
  const port = await web();
  const to = String(http.to ?? 'bounce:PORT').replace('PORT', String(port));
  return lab.run({ at: 'alice', http: { ...http, to }, ...(expected && { expect: expected }) });
}

describe('http', () => {
  test('the body is received, and status and headers are fields', async () => {
    const result = await run(
      {},
      {
        receive: 'hello',
        fields: {
          status: 200,
          reason: 'OK',
          bytes: 5,
          'Content-Type': 'text/plain',
          'content-length': '> 4',
        },
      },
    );
    expect(result.status, summary(result)).toBe('held');
    expect(result.did).toMatch(/^http 127[\d.:]+ > 127[\d.:]+, GET \/, got 200 OK "hello"$/);
  });

  test('a URL brings the path, and its host is the Host of the request', async () => {
    const result = await run({ to: 'http://bounce:PORT/headers?all=1' });
    expect(result.did).toMatch(/GET \/headers\?all=1, got 200 OK .*Host.*bounce:\d+/);
  });

  test('headers are sent as they are written, and Host can be another', async () => {
    const headers = { 'X-One': 'a b', Host: 'elsewhere', number: 5 };
    const result = await run({ path: '/headers', headers });
    expect(result.did).toContain(
      JSON.stringify(JSON.stringify(['X-One', 'a b', 'Host', 'elsewhere', 'number', '5']).slice(0, -1)).slice(
        1,
        -1,
      ),
    );
  });

  test('a body is posted, with its length', async () => {
    const result = await run(
      { path: '/echo', body: { random: '100kB', seed: 'x' } },
      { receive: { random: '100kB', seed: 'x' } },
    );
    expect(result.status, summary(result)).toBe('held');
    expect(result.did).toContain('POST /echo 100000 bytes: ');
    expect((await run({ method: 'PUT', path: '/headers' })).did).toContain('"Content-Length\\",\\"0\\"');
  });

  test('a redirect is not followed', async () => {
    const result = await run({ path: '/there' }, { fields: { status: 302, location: '/' } });
    expect(result.status, summary(result)).toBe('held');
  });

  test('HEAD brings the headers alone', async () => {
    const result = await run({ method: 'HEAD' }, { fields: { 'content-type': 'text/plain', bytes: 0 } });
    expect(result.status, summary(result)).toBe('held');
  });

  test('of a long body the hash and the size are those of all of it', async () => {
    const result = await run({ path: '/big' }, { receive: { repeat: 'abc', times: 1_000_000 } });
    expect(result.status, summary(result)).toBe('held');
    const pattern = await run({ path: '/big' }, { receive: { matches: 'x' } });
    expect(pattern.status, summary(pattern)).toBe('incomplete');
  });

  test('a status of 400 or more fails with what the server said, unless it is expected', async () => {
    const failed = await run({ path: '/nothing' });
    expect(failed.checks).toMatchObject([
      {
        kind: 'field',
        name: 'status',
        what: 'status of GET /nothing',
        held: false,
        expected: 'below 400',
        found: '404 Not Found',
        why: expect.stringContaining('it says "no /nothing"'),
      },
    ]);
    const expected = await run({ path: '/nothing' }, { fields: { status: 404 }, receive: 'no /nothing' });
    expect(expected.status, summary(expected)).toBe('held');
    const other = await run({ path: '/nothing' }, { fields: { status: 410 } });
    expect(other.checks).toMatchObject([{ what: 'status 410', held: false, found: '404' }]);
  });

  test('another body than expected fails with the first difference', async () => {
    const result = await run({}, { receive: 'hallo' });
    expect(result.checks).toMatchObject([
      { held: false, found: '"hello"', why: expect.stringContaining('byte 1') },
    ]);
  });
});

describe('requests', () => {
  test('go over one connection, and each answer is looked at', async () => {
    const port = await web();
    const requests = [
      { path: '/port', receive: { matches: '^\\d+$' } },
      { path: '/none', status: 404, receive: 'no /none' },
      { path: '/echo', method: 'PUT', body: 'abc', status: 200 },
      { path: '/port' },
    ];
    const result = await lab.run({ at: 'alice', http: { to: `bounce:${port}`, requests } });
    expect(result.status, summary(result)).toBe('held');
    const own = /^http 127[\d.]+:(\d+) >/.exec(result.did)?.[1];
    expect(result.did.match(/GET \/port, got 200 OK "\d+"/g)).toEqual(
      Array(2).fill(`GET /port, got 200 OK "${own}"`),
    );
    expect(result.checks.map(({ what }) => what)).toEqual([
      `received "${own}"`,
      'status of GET /none is 404 Not Found',
      'received "no /none"',
      'status of PUT /echo "abc" is 200 OK',
    ]);
  });

  test('end at the first answer that is not the expected one', async () => {
    const requests = [{ path: '/', receive: 'bye' }, { path: '/echo' }];
    const result = await run({ requests }, { receive: '' });
    expect(result.checks).toMatchObject([{ what: 'received "bye"', held: false, found: '"hello"' }]);
    expect(result.did).not.toContain('/echo');
  });

  test('an answer that no entry asks for must be below 400, and `expect` is about the last one', async () => {
    const wrong = await run({ requests: [{ path: '/none' }, { path: '/' }] }, { fields: { status: 200 } });
    expect(wrong.checks).toMatchObject([{ what: 'status of GET /none', expected: 'below 400' }]);
    const last = await run({ requests: [{ path: '/' }, { path: '/none' }] }, { fields: { status: 404 } });
    expect(last.status, summary(last)).toBe('held');
  });

  test('a server that closes between two requests has ended the connection', async () => {
    const result = await run({ requests: [{ path: '/close' }, { path: '/' }] });
    expect(result.checks.at(-1)).toMatchObject({ kind: 'failed', failure: 'closed', held: false });
    const claimed = await run({ requests: [{ path: '/close' }, { path: '/' }] }, { fails: 'closed' });
    expect(claimed.status, summary(claimed)).toBe('held');
  });
});

describe('failures of http', () => {
  test('are those of the network', async () => {
    const refused = await lab.run({ at: 'alice', http: { to: 'bounce:9998' }, expect: { fails: 'refused' } });
    expect(refused.status, summary(refused)).toBe('held');
    const silent = await run({ path: '/silent', give_up: '100ms' }, { fails: 'timeout' });
    expect(silent.status, summary(silent)).toBe('held');
  });

  test('that are a reset say so', async () => {
    const server = createTcpServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    }).listen(0, lab.address('bounce'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const result = await lab.run({ at: 'alice', http: { to: `bounce:${port}` }, expect: { fails: 'reset' } });
    expect(result.status, summary(result)).toBe('held');
  });

  test('an answer of another protocol is none', async () => {
    const result = await lab.run({ at: 'alice', http: { to: 'echo:9000' } });
    expect(result.checks).toMatchObject([{ kind: 'failed', failure: 'other', held: false }]);
    expect(summary(result)).toContain('HPE_');
  });
});

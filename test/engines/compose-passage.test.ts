/** What Compose asks of the engine goes through us: nothing of it is under way any more once the way is closed. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Passage, passage } from '../../lab/engines/compose/passage.ts';

let folder: string;
let engine: Server;
let way: Passage;
/** Asked of the engine, in order; a test answers it. */
let asked: { request: IncomingMessage; answer: ServerResponse }[];

const inFolder = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passage-'));
  asked = [];
  engine = createServer((request, answer) => {
    asked.push({ request, answer });
    engine.emit('asked');
  });
  engine.listen(inFolder('engine.sock'));
  await once(engine, 'listening');
  way = await passage(inFolder('way.sock'), inFolder('engine.sock'));
});
afterEach(async () => {
  engine.closeAllConnections();
  engine.close();
  await way.close();
  await rm(folder, { recursive: true });
});

function ask(method: string, path: string, body = '') {
  const client = request({ socketPath: inFolder('way.sock'), method, path });
  client.on('error', () => {});
  client.end(body);
  return client;
}

test('a call and its answer go through as they are', async () => {
  const client = ask('POST', '/containers/create?name=a', '{"Image":"b"}');
  await once(engine, 'asked');
  const { request: got, answer } = asked[0]!;
  expect([got.method, got.url, await text(got)]).toEqual([
    'POST',
    '/containers/create?name=a',
    '{"Image":"b"}',
  ]);
  answer.writeHead(409, { 'x-why': 'taken' }).end('no');
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  expect([response.statusCode, response.headers['x-why'], await text(response)]).toEqual([
    409,
    'taken',
    'no',
  ]);
});

test.each(['POST', 'PUT'])(
  'closed, it waits for the answer to a %s, though nobody is there for it',
  async (method) => {
    const client = ask(method, '/containers/create');
    const gone = once(client, 'error');
    await once(engine, 'asked');
    let closed = false;
    const closing = way.close().then(() => {
      closed = true;
    });
    await gone;
    expect(closed).toBe(false);
    asked[0]!.answer.end('made '.repeat(100_000));
    await closing;
  },
);

test('closed, it waits for nothing that only listens', async () => {
  ask('GET', '/events');
  await once(engine, 'asked');
  asked[0]!.answer.write('one');
  await way.close();
});

test('closed, it does not wait for an answer to half a call', async () => {
  const client = request({ socketPath: inFolder('way.sock'), method: 'POST', path: '/containers/create' });
  client.on('error', () => {});
  client.write('{');
  await once(engine, 'asked');
  await way.close();
});

test('closed, it lets nothing through', async () => {
  await way.close();
  const client = ask('POST', '/containers/create');
  await once(client, 'error');
  expect(asked).toEqual([]);
});

test('an engine that goes away in the middle of an answer leaves nothing to be waited for', async () => {
  ask('POST', '/containers/create');
  await once(engine, 'asked');
  asked[0]!.answer.write('half');
  asked[0]!.answer.destroy();
  await way.close();
});

test('a connection that is idle is left open: the next call on it would be lost', async () => {
  const agent = new Agent({ keepAlive: true });
  const client = request({ socketPath: inFolder('way.sock'), path: '/networks', agent }).end();
  await once(engine, 'asked');
  asked[0]!.answer.end('[]');
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  await text(response);
  // A server that closes idle connections says so, and after how many seconds.
  expect(response.headers.connection).toBe('keep-alive');
  expect(response.headers['keep-alive']).toBeUndefined();
  agent.destroy();
});

test('an engine that gives no answer is told with its error', async () => {
  const client = ask('POST', '/containers/create');
  await once(engine, 'asked');
  asked[0]!.request.socket.destroy();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(502);
  expect(JSON.parse(await text(response))).toEqual({ message: 'no answer from the engine: socket hang up' });
});

/** Whether Docker can be used here, and what is said where it cannot. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { explain, whyNoAnswer } from '../../lab/engines/containers/connection.ts';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { noDocker } from './docker-fixture.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const probe = () => dockerEngine().probe();

/** Answers every request so, in the place of a Docker Engine. */
async function stranger(status: number, body: unknown) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return server;
}

describe('probing Docker', () => {
  test.skipIf(noDocker)('says which engine answers', async () => {
    expect(await probe()).toEqual({ name: 'docker', version: expect.stringMatching(/^Docker \d+\.\d+/) });
  });

  test('says where none answers, and how to get one', async () => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
    expect((await probe()).lacking).toEqual({
      why: 'no Docker Engine answers at DOCKER_HOST=unix:///nowhere/docker.sock (ENOENT)',
      hint: 'start the engine there, or unset DOCKER_HOST',
    });
    expect(whyNoAnswer(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))?.why).toContain(
      'unix:',
    );
    vi.stubEnv('DOCKER_HOST', '');
    expect(whyNoAnswer(Object.assign(new Error('connect'), { code: 'ENOENT' }))).toEqual({
      why: 'no Docker Engine answers (ENOENT)',
      hint: 'start Docker, or on Debian: `bash scripts/docker-engine.sh`',
    });
  });

  test('waits for one that accepts and says nothing for a while, and says so', async () => {
    const said: string[] = [];
    const answer = Promise.withResolvers<void>();
    const server = createServer(async (_request, response) => {
      await answer.promise;
      const body = { Version: '28.0.1', Os: 'windows' };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const report = await dockerEngine().probe((line) => {
      said.push(line);
      answer.resolve();
    });
    expect(report.version).toBe('Docker 28.0.1');
    expect(said).toEqual([
      expect.stringMatching(/^waiting for the Docker Engine: it has not answered for \d+ s$/),
    ]);
    server.close();
  }, 60_000);

  test('does not wait for ever', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const server = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const report = probe();
    await once(server, 'connection');
    vi.advanceTimersByTime(30_000);
    const { lacking } = await report;
    vi.useRealTimers();
    expect(lacking?.why).toBe('the Docker Engine has not answered within 30 s');
    expect(lacking?.hint).toMatch(/^it may be busy: .*--patience 3/);
    server.close();
  });

  test('says that the user may not use the socket, and what would let them', () => {
    const lacking = whyNoAnswer(Object.assign(new Error('connect EACCES'), { code: 'EACCES' }));
    expect(lacking?.why).toContain('may not use the Docker socket');
    expect(lacking?.hint).toMatch(/group docker.*rootless/);
  });

  test('says that an engine is too old', async () => {
    const message = 'client version 1.44 is too new. Maximum supported API version is 1.41';
    const server = await stranger(400, { message });
    const { lacking } = await probe();
    expect(lacking?.why).toContain(message);
    expect(lacking?.hint).toContain('Docker 25');
    server.close();
  });

  test('says that an engine runs Windows containers', async () => {
    const server = await stranger(200, { Version: '28.0.1', Os: 'windows' });
    expect(await probe()).toMatchObject({
      version: 'Docker 28.0.1',
      lacking: { hint: expect.stringContaining('Linux') },
    });
    server.close();
  });

  test('says that DOCKER_HOST makes no sense', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://a:b:c');
    expect((await probe()).lacking?.why).toContain('DOCKER_HOST');
  });

  test.skipIf(noDocker)('says that there is no base image, and how to get one', async () => {
    vi.stubEnv('BASE_IMAGE', 'localhost:1/nowhere/no-base:1');
    const { version, lacking } = await probe();
    expect(version).toBeDefined();
    expect(lacking?.why).toMatch(
      /^the base image localhost:1\/nowhere\/no-base:1 is not here and cannot be pulled \(.+\)$/,
    );
    expect(lacking?.hint).toContain('bash scripts/base-image.sh');
  });
});

describe("the engine's refusals", () => {
  test('are told with what was to be done, in its own words', () => {
    const refusal = Object.assign(new Error('(HTTP code 500) server error - x '), {
      statusCode: 500,
      json: { message: 'no such thing' },
    });
    const error = explain(refusal, 'make the network office');
    expect(error).toMatchObject({
      code: 'engine',
      message: 'Docker could not make the network office: no such thing',
    });
    expect(error.cause).toBe(refusal);
  });

  test('for want of space say how to get some', () => {
    const error = explain(new Error('write /x: no space left on device'), 'unpack');
    expect(error.hint).toContain('docker system df');
  });
});

/** Hosts with programs that are not ours: images, builds, and programs of the machine; and when they are ready. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, LabError, type LabOptions, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeNeeding } from '../needs.ts';
import { onEveryEngine } from './here.ts';
import 'lanlab/vitest';

/** RESP, the protocol of redis: an array of bulk strings. */
function resp(...words: string[]): string {
  const bulk = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulk.join('')}`;
}

async function useRedis(client: Host): Promise<void> {
  await using talk = await client.tcp('store:6379');
  await talk.write(resp('SET', 'greeting', 'hello from afar'));
  await expect(talk).toReceive('+OK\r\n');
  await talk.write(resp('GET', 'greeting'));
  await expect(talk).toReceive('$15\r\nhello from afar\r\n');
}

async function useNginx(client: Host): Promise<void> {
  await using talk = await client.tcp('web:80');
  await talk.write('GET /hello.txt HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n');
  const answer = await talk.text();
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx/);
  expect(answer.split('\r\n\r\n')[1]).toBe('hello from the web');
}

async function thrown(work: Promise<unknown>): Promise<LabError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanlab-build-'));
});
afterAll(() => rm(folder, { recursive: true }));

await onEveryEngine('a program that is not ours', (engine, subnet) => {
  const withProgram = (third: number, host: Omit<WrittenHost, 'networks'>, options: LabOptions = {}) =>
    lab(
      {
        lab: 'foreign',
        networks: { lan: subnet(third) },
        hosts: { it: { ...host, networks: ['lan'] }, alice: { networks: ['lan'] } },
      },
      { engine, ...options },
    );

  const server = (delay: number) => [
    'node',
    '-e',
    `setTimeout(() => require('net').createServer((s) => s.end('hi')).listen(8000, () => console.log('open')), ${delay})`,
  ];

  test('is a command of the machine or of the agent’s image, and reached across the LAN', async () => {
    await using net = await withProgram(30, { command: server(0), ready: { tcp: 8000 } });
    await using talk = await net.host('alice').tcp('it:8000');
    expect(await talk.text()).toBe('hi');
  });

  test('is waited for until its port is open, however late', async () => {
    await using net = await withProgram(31, { command: server(1000), ready: { tcp: 8000 } });
    await using talk = await net.host('alice').tcp('it:8000');
    expect(await talk.text()).toBe('hi');
  });

  test('is waited for until a line of its output is like the one asked for', async () => {
    const command = 'echo warming up; sleep 0.3; echo "now READY to serve" >&2; sleep 60';
    await using net = await withProgram(32, { command, ready: { log: 'READY (to|for)' } });
    expect(net.host('it').words).toEqual(['warming up', 'now READY to serve']);
  });

  test('that never becomes ready is an error that says what was waited for, and what the program said', async () => {
    const command = 'echo still thinking; sleep 60';
    const work = withProgram(33, { command, ready: { tcp: 6379, log: 'done', within: '500ms' } });
    const error = await thrown(work);
    expect(error.code).toBe('program');
    expect(error.message).toBe(
      'the program of it is not ready after 0.5 s, waiting for a listener on TCP port 6379 and a line like /done/: still thinking',
    );
  });

  test('that ends at once is an error with its own words and exit code', async () => {
    const error = await thrown(withProgram(34, { command: 'echo out of cheese >&2; exit 7' }));
    expect(error.code).toBe('program');
    expect(error.message).toBe('the program of it ended at once (exit code 7): out of cheese');
  });

  test('that ends before it is ready is not waited for', async () => {
    const began = performance.now();
    const error = await thrown(withProgram(35, { command: 'echo bye', ready: { tcp: 80, within: '60s' } }));
    expect(error.message).toBe('the program of it ended at once (exit code 0): bye');
    expect(performance.now() - began).toBeLessThan(50_000);
  });

  test('that is a command and is done is no error', async () => {
    await using net = await withProgram(36, { command: 'echo all done' });
    expect(await net.host('it').program?.ended).toEqual({ exit: 0, signal: null });
    expect(net.host('it').words).toEqual(['all done']);
  });

  describe.runIf(engine === 'docker')('as an image', () => {
    const dockerfile = (...lines: string[]) =>
      writeFile(join(folder, 'Dockerfile'), ['ARG BASE_IMAGE', 'FROM ${BASE_IMAGE}', ...lines].join('\n'));

    test('that exits at once is an error with its own words and exit code', async () => {
      await dockerfile('CMD ["sh", "-c", "echo nothing to serve; exit 0"]');
      const error = await thrown(withProgram(37, { build: folder }));
      expect(error.code).toBe('program');
      expect(error.message).toBe('the program of it ended at once (exit code 0): nothing to serve');
    });

    test('whose build fails is an error with the build’s own last lines', async () => {
      await dockerfile('RUN echo no such luck && exit 9');
      const error = await thrown(withProgram(38, { build: { context: folder } }));
      expect(error.code).toBe('image');
      expect(error.message).toContain(`the image of ${folder} could not be built`);
      expect(error.message).toContain('no such luck');
      expect(error.message).toContain('returned a non-zero code: 9');
      expect(error.mend).toContain(join(folder, 'Dockerfile'));
    });

    test('whose folder has no Dockerfile is told so', async () => {
      const error = await thrown(withProgram(39, { build: './nowhere' }));
      expect(error.message).toContain('there is no nowhere/Dockerfile');
      expect(error.mend).toContain('relative to the folder of the scenario');
    });

    test('runs a command of its own, and takes a file by a name that only the builder knows', async () => {
      await writeFile(join(folder, 'motto.txt'), 'per aspera\n');
      await dockerfile('ARG NAME=motto', 'COPY ${NAME}.txt /motto.txt');
      await using net = await withProgram(40, {
        build: folder,
        command: 'cat /motto.txt; sleep 60',
        ready: { log: '.' },
      });
      expect(net.host('it').words).toEqual(['per aspera']);
    });

    test('redis and nginx, from Debian’s packages, are used across the LAN by their own protocols', async () => {
      await using net = await lab('test/api/third-party/servers.yaml', { engine });
      await useRedis(net.host('alice'));
      await useNginx(net.host('alice'));
      const result = await net.run();
      expect(result.steps.map(({ status }) => status)).toEqual(['held']);
    }, 300_000);
  });

  test.runIf(engine === 'netns')('as an image is what a namespace cannot run, and says so', async () => {
    const error = await thrown(withProgram(41, { build: folder }));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('host it is an image');
  });
});

const onMachine = (program: string) =>
  spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${program}`]).status === 0;
const lackingOf = (program: string, pack: string) =>
  onMachine(program) ? undefined : `there is no ${program} on this machine; apt-get install ${pack}`;

describeNeeding('redis', lackingOf('redis-server', 'redis-server'), 'redis of this machine on netns', () => {
  test('is used across the LAN by its own protocol', async () => {
    const command = [
      'redis-server',
      '--bind',
      '0.0.0.0',
      '--protected-mode',
      'no',
      '--save',
      '',
      '--dir',
      '/tmp',
    ];
    await using net = await lab(
      {
        lab: 'redis',
        networks: { lan: 'auto' },
        hosts: {
          store: { command, ready: { log: 'Ready to accept connections' }, networks: ['lan'] },
          alice: { networks: ['lan'] },
        },
      },
      { engine: 'netns' },
    );
    await useRedis(net.host('alice'));
  });
});

describeNeeding('nginx', lackingOf('nginx', 'nginx-light'), 'nginx of this machine on netns', () => {
  test('is used across the LAN by HTTP', async () => {
    const root = 'location / { root /srv; }';
    const config = `daemon off; pid /tmp/nginx.pid; error_log stderr; events {} http { access_log off; client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e; server { listen 8080; ${root} } }`;
    await using net = await lab(
      {
        lab: 'nginx',
        networks: { lan: 'auto' },
        hosts: {
          web: {
            command: ['nginx', '-c', '/srv/nginx.conf'],
            ready: { tcp: 8080 },
            files: { '/srv/nginx.conf': config, '/srv/hello.txt': 'hello from the web' },
            networks: ['lan'],
          },
          alice: { networks: ['lan'] },
        },
      },
      { engine: 'netns' },
    );
    await using talk = await net.host('alice').tcp('web:8080');
    await talk.write('GET /hello.txt HTTP/1.0\r\n\r\n');
    expect(await talk.text()).toMatch(/^HTTP\/1\.1 200 OK.*hello from the web$/s);
  });
});

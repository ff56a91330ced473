/** Two servers that know nothing of lanlab, redis and nginx from Debian's packages, used by their own protocols. */
import { spawnSync } from 'node:child_process';
import { type Host, lab } from 'lanlab';
import { expect, test } from 'vitest';
import { onEveryEngine } from '../api/here.ts';
import { describeNeeding } from '../needs.ts';
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

await onEveryEngine('servers as images', (engine) => {
  if (engine === 'docker')
    test('redis and nginx, from Debian’s packages, are used across the LAN by their own protocols', async () => {
      await using net = await lab('test/api/third-party/servers.yaml', { engine });
      await useRedis(net.host('alice'));
      await useNginx(net.host('alice'));
      const result = await net.run();
      expect(result.steps.map(({ status }) => status)).toEqual(['held']);
    }, 300_000);
  else
    test('are what a namespace cannot run, and that is said before anything starts', async () => {
      const refused = lab('test/api/third-party/servers.yaml', { engine });
      await expect(refused).rejects.toThrow(/the engine netns cannot run this: .*image/);
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

/** The same requests of curl to the program files and to nginx: equal statuses, bodies, and headers that a client acts on. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createFiles } from '../../services/files/server.ts';
import type { Service } from '../../services/serve.ts';
import { describeNeeding } from '../needs.ts';
import { freePort } from './free-port.ts';

const NGINX = spawnSync('sh', ['-c', 'PATH=$PATH:/usr/sbin command -v nginx'], {
  encoding: 'utf8',
}).stdout.trim();
const here = NGINX === '' ? 'there is no nginx on this machine; apt-get install nginx-light' : undefined;
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'lanlab-nginx-'));
const root = join(folder, 'root');

/** The headers that a client acts on. The form of `ETag`, and the bodies of errors, are each server's own. */
const HEADERS = ['content-length', 'content-range', 'last-modified', 'content-type'];

/** The arguments of curl, after which the path stands. */
const REQUESTS: readonly (readonly string[])[] = [
  ['/hello.bin'],
  ['/empty.bin'],
  ['-I', '/hello.bin'],
  ['-r', '1-3', '/hello.bin'],
  ['-r', '2-', '/hello.bin'],
  ['-r', '-2', '/hello.bin'],
  ['-r', '3-99', '/hello.bin'],
  ['-r', '5-', '/hello.bin'],
  ['-r', '3-1', '/hello.bin'],
  ['-I', '-r', '1-3', '/hello.bin'],
  ['-H', 'Range: lines=1-2', '/hello.bin'],
  ['-H', 'If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT', '/hello.bin'],
  ['-H', 'If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT', '/hello.bin'],
  ['-H', 'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT', '/hello.bin'],
  ['-H', 'If-None-Match: *', '/hello.bin'],
  ['-H', 'If-None-Match: "other"', '/hello.bin'],
  ['-H', 'If-Match: "other"', '/hello.bin'],
  ['-H', 'If-Range: "other"', '-r', '1-3', '/hello.bin'],
  ['-H', 'If-Range: Tue, 14 Nov 2023 22:13:20 GMT', '-r', '1-3', '/hello.bin'],
  ['/sub%20f/na%C3%AFve.bin?query=1'],
  ['//sub%20f//na%C3%AFve.bin'],
  ['/nothing'],
  ['/hello.bin/'],
  ['/%zz'],
  ['/a%00b'],
  ['/%ff'],
  ['-X', 'POST', '-d', 'x', '/hello.bin'],
  ['-X', 'DELETE', '/hello.bin'],
  ['-0', '/hello.bin'],
];

async function asked(port: number, request: readonly string[]) {
  const [path = '', ...options] = [...request].reverse();
  const url = `http://127.0.0.1:${port}${path}`;
  const words = ['-sS', '-i', '--path-as-is', '--max-time', '30', ...options.reverse(), url];
  const { stdout } = await run('curl', words, { encoding: 'latin1' });
  const [head = '', ...body] = stdout.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const status = Number(first.split(' ')[1]);
  const pairs = lines.map((line) => line.split(': ') as [string, string]);
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]));
  const ok = status === 200 || status === 206;
  const kept = HEADERS.filter((name) => ok || name === 'content-range').map((name) => [name, headers[name]]);
  return {
    status,
    headers: Object.fromEntries(kept),
    etag: headers.etag ?? '',
    body: ok ? body.join('\r\n\r\n') : '',
  };
}

describeNeeding('nginx', here, 'files beside nginx', () => {
  let ours: Service;
  let port: number;
  let nginx: ReturnType<typeof spawn>;
  let theirs: number;

  beforeAll(async () => {
    mkdirSync(join(root, 'sub f', 'deep'), { recursive: true });
    chmodSync(folder, 0o755);
    const files = { 'hello.bin': 'hello', 'empty.bin': '', 'sub f/naïve.bin': 'deep', 'sub f/b.bin': 'b' };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(root, name), content);
      utimesSync(join(root, name), 1_700_000_000, 1_700_000_000);
    }
    const ports = { port: 0, httpPort: 0, tftpPort: 0 };
    ours = await createFiles({ hosts: ['127.0.0.1'], root, ...ports });
    port = ours.addresses.find(({ service }) => service === 'http')!.port;
    theirs = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const server = `listen 127.0.0.1:${theirs}; root ${root}; autoindex on; autoindex_format json; absolute_redirect off;`;
    const http = `access_log off; default_type application/octet-stream; ${temporary.join(' ')} server { ${server} }`;
    writeFileSync(
      join(folder, 'conf'),
      `daemon off; pid ${folder}/pid; error_log ${folder}/log; events {} http { ${http} }`,
    );
    nginx = spawn(NGINX, ['-c', join(folder, 'conf')], { stdio: 'ignore' });
    await vi.waitFor(() => asked(theirs, ['/hello.bin']), { timeout: 30_000 });
  });
  afterAll(async () => {
    nginx?.kill();
    await ours?.close(0);
    rmSync(folder, { recursive: true });
  });

  test.each(REQUESTS.map((request) => [request.join(' '), request] as const))(
    'curl %s',
    async (_, request) => {
      const [{ etag: _ours, ...mine }, { etag: _theirs, ...other }] = await Promise.all([
        asked(port, request),
        asked(theirs, request),
      ]);
      expect(mine).toEqual(other);
    },
  );

  test('an ETag that a server gave is answered with 304, and with the part that is wanted', async () => {
    const statuses = async (at: number) => {
      const { etag } = await asked(at, ['/hello.bin']);
      const requests = [
        ['-H', `If-None-Match: ${etag}`, '/hello.bin'],
        ['-H', `If-Match: ${etag}`, '/hello.bin'],
        ['-H', `If-Range: ${etag}`, '-r', '1-3', '/hello.bin'],
      ];
      return Promise.all(requests.map(async (request) => (await asked(at, request)).status));
    };
    expect(await statuses(port)).toEqual([304, 200, 206]);
    expect(await statuses(theirs)).toEqual([304, 200, 206]);
  });

  test('a folder is listed as JSON in the same form, and without its slash redirected to the same place', async () => {
    const listed = async (at: number) => {
      const { body } = await asked(at, ['-H', 'Accept: application/json', '/sub%20f/']);
      return JSON.parse(body) as unknown;
    };
    expect(await listed(port)).toEqual(await listed(theirs));
    const redirected = async (at: number) => {
      const words = [
        '-sS',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code} %{redirect_url}',
        `http://127.0.0.1:${at}/sub%20f`,
      ];
      return (await run('curl', words)).stdout.replace(`:${at}`, '');
    };
    expect(await redirected(port)).toBe(await redirected(theirs));
  });
});

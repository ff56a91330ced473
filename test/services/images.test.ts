/** The images of the five programs, built and run in containers of their own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeNeeding } from '../needs.ts';

// The reaper is an image of its own, which cannot be pulled where no registry answers; every container here is
// stopped by its test.
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';

const CONTEXT = fileURLToPath(new URL('../../services', import.meta.url));
const STAND_IN = 'lanlab-base:24';
const OFFICIAL = 'node:24-bookworm-slim';

function docker(...args: string[]): { ok: boolean; out: string } {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', timeout: 10_000 });
  return { ok: status === 0, out: `${stdout ?? ''}${stderr ?? ''}`.trim() };
}

function baseImage(): string | undefined {
  const candidates = [process.env.BASE_IMAGE, STAND_IN, OFFICIAL].filter((name) => name !== undefined);
  return candidates.find((name) => name !== '' && docker('image', 'inspect', '--format', '{{.Id}}', name).ok);
}

const base = baseImage();
function lacking(): string | undefined {
  if (!docker('version').ok)
    return 'no Docker Engine answers: scripts/docker-engine.sh installs and starts one';
  return base === undefined ? 'no base image is here: scripts/base-image.sh gets or makes one' : undefined;
}

const UDP = `
  const [port, text] = process.argv.slice(1);
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (data) => { console.log(data.toString()); socket.close(); });
  socket.send(text, Number(port), '127.0.0.1');`;
const TFTP = UDP.replace('send(text', "send('\\0\\x01' + text + '\\0octet\\0'");
const TCP = `
  const [port, text] = process.argv.slice(1);
  const socket = require('node:net').connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  socket.on('data', (data) => process.stdout.write(data));
  socket.end(text);`;

const STATUS = `
  const { readFileSync } = require('node:fs');
  readFileSync('/proc/' + readFileSync('/proc/1/task/1/children', 'utf8').trim() + '/status', 'utf8')`;

/** What the image of `files` gives out, readable by its user. */
const folder = mkdtempSync(join(tmpdir(), 'lanlab-images-'));

interface Case {
  readonly name: string;
  /** Asked inside the container: the program's ports need no mapping. */
  readonly asks: readonly (readonly [script: string, port: string, text: string, answer: RegExp])[];
}
const CASES: readonly Case[] = [
  {
    name: 'tcp-echo',
    asks: [
      [TCP, '7', 'hello', /^hello$/],
      [TCP, '9000', 'hello', /^HELLO$/],
    ],
  },
  {
    name: 'udp-echo',
    asks: [
      [UDP, '7', 'hello', /^hello$/],
      [UDP, '9000', 'hello', /^HELLO$/],
    ],
  },
  {
    name: 'time',
    asks: [
      [UDP, '9000', '%Y %Z', /^\d{4} CES?T$/],
      [UDP, '13', '', /^[A-Z].* \d{4}\s*$/],
      [TCP, '13', '', /^[A-Z].* \d{4}\s*$/],
    ],
  },
  {
    name: 'files',
    asks: [
      [TCP, '9000', 'hello.txt\n', /^hello$/],
      [TCP, '9001', '', /^hello$/],
      [TCP, '80', 'GET /hello.txt HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 200 .*hello$/s],
      [TFTP, '69', 'hello.txt', /hello$/],
    ],
  },
  {
    name: 'chat',
    asks: [
      [UDP, '9000', '/login alice', /^relay: welcome alice, you speak from 127\.0\.0\.1:\d+$/],
      [TCP, '6667', 'NICK ida\r\nUSER ida 0 * :Ida\r\nQUIT\r\n', /^:chat\.lanlab 001 ida .*ERROR :/s],
    ],
  },
];

function built(name: string): Promise<GenericContainer> {
  return GenericContainer.fromDockerfile(CONTEXT, `${name}/Dockerfile`)
    .withBuildArgs({ BASE_IMAGE: base ?? '' })
    .withCache(true)
    .build(`lanlab-test-${name}`, { deleteOnExit: false });
}

async function start(name: string): Promise<StartedTestContainer> {
  const image = await built(name);
  image
    .withDroppedCapabilities('ALL')
    .withNetworkMode('none')
    .withEnvironment({ TZ: 'Europe/Berlin', ...(name === 'files' ? { GREETING_FILE: '/greetings' } : {}) })
    .withWaitStrategy(Wait.forHealthCheck());
  // testcontainers has no word for a read-only root file system.
  Object.assign((image as unknown as { hostConfig: object }).hostConfig, {
    ReadonlyRootfs: true,
    SecurityOpt: ['no-new-privileges'],
  });
  if (name === 'files') {
    image.withBindMounts([
      { source: folder, target: '/srv/files', mode: 'ro' },
      { source: join(folder, 'hello.txt'), target: '/greetings', mode: 'ro' },
    ]);
  }
  return image.start();
}

describeNeeding('docker', lacking(), 'the image of', () => {
  beforeAll(() => {
    console.info(`images are built on ${base}`);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'hello.txt'), 'hello');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.concurrent.each(CASES)(
    '$name runs with nothing it does not need, is healthy, answers and ends with 0',
    async (one) => {
      await using container = await start(one.name);
      const id = container.getId();
      const format =
        '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{json .HostConfig.CapDrop}} {{.State.Health.Status}}';
      expect(docker('inspect', '--format', format, id).out).toBe('65534:65534 true ["ALL"] healthy');
      for (const [script, port, text, answer] of one.asks) {
        const { output, exitCode } = await container.exec(['node', '-e', script, port, text]);
        expect(output.trim()).toMatch(answer);
        expect(exitCode).toBe(0);
      }
      // The process that really runs, a child of the first: no capability, and not root.
      const status = (await container.exec(['node', '-p', STATUS])).output;
      expect(status).toMatch(/^Name:\s+(node|MainThread)$/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^Uid:\s+65534\s/m);
      expect(docker('kill', '--signal', 'TERM', id).ok).toBe(true);
      expect(docker('wait', id).out).toBe('0');
    },
    // The first run builds the images.
    120_000,
  );

  test('a SIGTERM that comes before the program hears it ends the container all the same', async () => {
    const image = await built('tcp-echo');
    await using container = await image
      .withNetworkMode('none')
      // As Node is before it has come to the handler: process 1 would not be ended by it.
      .withCommand(['sh', '-c', 'echo begun; exec sleep 1000'])
      .withWaitStrategy(Wait.forLogMessage('begun'))
      .start();
    expect(docker('stop', container.getId()).ok).toBe(true);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', container.getId()).out).toBe('143');
  }, 120_000);
});

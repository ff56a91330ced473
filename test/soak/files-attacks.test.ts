/** The program files under attack, whole: ten thousand connections, floods of requests, and the longest files and folders. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectionLimit } from '../../services/connection-limit.ts';
import { udpClient } from '../services/clients.ts';
import { crowd } from '../services/crowd.ts';
import { target } from '../services/files-attacks.ts';
import { servedDuring } from '../services/served-during.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-attacks-'));
const root = join(folder, 'root');
const long = randomBytes(530_000);
const CROWD = Math.min(10_000, connectionLimit() - 100);
const MEBIBYTE = 1 << 20;

beforeAll(() => {
  mkdirSync(join(root, 'many'), { recursive: true });
  writeFileSync(join(root, 'hello.txt'), 'hello');
  writeFileSync(join(root, 'long'), long);
  writeFileSync(join(root, 'big'), '');
  truncateSync(join(root, 'big'), 2 ** 30);
  for (let i = 0; i <= 10_000; i += 1) symlinkSync('x', join(root, 'many', `${i}`));
});
afterAll(() => rmSync(folder, { recursive: true }));

const KINDS: [name: string, port: 'http' | 'port', count: number, text: string, deaf: boolean][] = [
  ['idle over HTTP', 'http', CROWD, '', false],
  ['idle by name', 'port', CROWD, '', false],
  ['slow to send', 'http', CROWD, 'GET /hello.txt HTTP/1.1\r\nHost: ', false],
  ['slow to read over HTTP', 'http', 1000, 'GET /big HTTP/1.1\r\nHost: x\r\n\r\n', true],
  ['slow to read by name', 'port', 1000, 'big\n', true],
];

describe('files under attack, whole,', () => {
  test.each(KINDS)(
    'serves others beside clients that are %s, and has its memory back',
    async (_, port, count, text, deaf) => {
      await using files = await target(root, { EVENTS: 'connections' });
      const attack = async () => {
        await using _crowd = await crowd(files[port], count, text, deaf);
        for (let i = 0; i < 10; i += 1) await files.serves();
      };
      // The first time Node takes memory for what it keeps.
      await servedDuring(files, attack());
      const before = await files.memory();
      await servedDuring(files, attack());
      // The closed connections are gone when the program has seen their ends.
      const back = async () => expect((await files.memory()) - before).toBeLessThan(10 * MEBIBYTE);
      await vi.waitFor(back, { timeout: 60_000, interval: 1000 });
    },
    300_000,
  );

  test('a flood of requests over TFTP, from thousands of ports, keeps nobody out', async () => {
    await using files = await target(root, { EVENTS: 'connections' });
    const request = Buffer.from('\0\x01big\0octet\0');
    const flood = async () => {
      for (let round = 0; round < 100; round += 1) {
        const sockets = Array.from({ length: 100 }, (_, at) => {
          const socket = createSocket('udp4');
          // Many addresses, for each has its own bound.
          socket.bind(0, `127.0.${1 + (round % 100)}.${1 + at}`, () =>
            socket.send(request, files.tftp, '127.0.0.1'),
          );
          return socket;
        });
        await sleep(20);
        for (const socket of sockets) socket.close();
      }
    };
    await servedDuring(files, flood());
    using client = await udpClient();
    const { data } = await client.ask(Buffer.from('\0\x01hello.txt\0octet\0'), files.tftp);
    expect(data.subarray(4).toString()).toBe('hello');
    client.send(Buffer.from([0, 4, 0, 1]), files.tftp);
  }, 300_000);

  test('over TFTP block numbers go round', async () => {
    await using files = await target(root, { EVENTS: 'off' });
    using client = await udpClient();
    let reply = await client.ask(
      Buffer.from('\0\x01long\0octet\0blksize\x008\0windowsize\x0064\0'),
      files.tftp,
    );
    const ack = (block: number) =>
      client.send(Buffer.from([0, 4, (block >> 8) & 0xff, block & 0xff]), reply.from.port);
    const blocks: Buffer[] = [];
    ack(0);
    do {
      reply = await client.next();
      // A block of a window that was sent again is old.
      if (reply.data.readUInt16BE(2) !== ((blocks.length + 1) & 0xffff)) continue;
      blocks.push(reply.data.subarray(4));
      if (blocks.length % 64 === 0 || reply.data.length < 12) ack(blocks.length);
    } while (reply.data.length === 12);
    expect(blocks.length).toBeGreaterThan(0x10000);
    expect(Buffer.concat(blocks).equals(long)).toBe(true);
  }, 300_000);

  test('a folder of more than ten thousand names is not listed', async () => {
    await using files = await target(root);
    const answer = await fetch(`http://127.0.0.1:${files.http}/many/`);
    expect(answer.status).toBe(403);
    expect(await files.program.events.seen({ event: 'refuse' })).toMatchObject({
      reason: 'long',
      file: 'many/',
    });
  });
});

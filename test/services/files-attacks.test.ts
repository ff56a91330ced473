/** The program files under attack, in small: crowds, slow clients, no descriptors, and names that climb. The whole is in test/soak. */
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionLimit } from '../../services/connection-limit.ts';
import { crowd } from './crowd.ts';
import { target } from './files-attacks.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-attacks-'));
const root = join(folder, 'root');
beforeAll(() => {
  mkdirSync(root);
  writeFileSync(join(root, 'hello.txt'), 'hello');
  writeFileSync(join(root, 'big'), '');
  truncateSync(join(root, 'big'), 2 ** 28);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('files under attack', () => {
  test('idle clients, slow senders and deaf readers keep nobody out', async () => {
    await using files = await target(root);
    {
      await using _idle = await crowd(files.http, 100);
      await using _slow = await crowd(files.http, 100, 'GET /big HTT');
      await using _deaf = await crowd(files.http, 20, 'GET /big HTTP/1.1\r\nHost: x\r\n\r\n', true);
      await using _named = await crowd(files.port, 20, 'big\n', true);
      await files.serves();
    }
    await files.serves();
  });

  test('a flood of connections is bounded, the newest is refused with the reason, and the next client is served', async () => {
    const limits = join(folder, 'limits');
    writeFileSync(limits, 'Max open files            100                  100                  files\n');
    expect(connectionLimit(limits)).toBe(60);
    expect(connectionLimit(join(folder, 'none'))).toBe(16_384);
    await using files = await target(root, { LIMIT: '100' });
    {
      await using many = await crowd(files.http, 70);
      const reason = 'too many connections: 60 are open, and no more may be';
      expect(await files.program.events.seen({ event: 'refuse', reason })).toMatchObject({
        transport: 'tcp',
      });
      const gone = many.sockets
        .slice(60)
        .map((socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve)));
      await Promise.all(gone);
      expect(many.sockets.slice(0, 60).filter(({ destroyed }) => destroyed)).toEqual([]);
    }
    await files.serves();
  });

  test('without a descriptor left newcomers are closed at once, and it recovers', async () => {
    await using files = await target(root, { LIMIT: '100' });
    {
      await using _one = await crowd(files.http, 60);
      await using two = await crowd(files.port, 60);
      await Promise.race(
        two.sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
    }
    await files.serves();
    expect(files.program.process.exitCode).toBe(null);
  });

  test('a link that is swapped all the time never leads out of the root', async () => {
    writeFileSync(join(folder, 'secret'), 'secret');
    await using files = await target(root);
    const [inside, outside] = [join(root, 'inside'), join(root, 'outside')];
    let asked = 0;
    const ask = async () => {
      const socket = connect({ port: files.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {}).write('swapped\n');
      expect(['', 'hello']).toContain(Buffer.concat(await socket.toArray()).toString());
      asked += 1;
    };
    const work = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (asked < 300) await ask();
      }),
    );
    while (asked < 300) {
      symlinkSync('hello.txt', inside);
      renameSync(inside, join(root, 'swapped'));
      symlinkSync('../secret', outside);
      renameSync(outside, join(root, 'swapped'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await work;
  });
});

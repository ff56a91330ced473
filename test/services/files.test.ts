/** The program files: names, downloads, and nothing from outside its root. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFiles, type FilesOptions } from '../../services/files/server.ts';
import { tcpClient } from './clients.ts';
import { recorder } from './recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-files-'));
const root = join(folder, 'root');
const big = randomBytes(5_000_000);
const ipc = createServer();

beforeAll(async () => {
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'hello.txt'), 'hello');
  writeFileSync(join(root, 'sub', 'naïve 名.txt'), 'deep');
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, 'big.bin'), big);
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync('../secret', join(root, 'out'));
  symlinkSync('..', join(root, 'up'));
  symlinkSync('hello.txt', join(root, 'in'));
  symlinkSync('loop', join(root, 'loop'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  ipc.listen(join(root, 'socket'));
  await once(ipc, 'listening');
});
afterAll(() => {
  ipc.close();
  rmSync(folder, { recursive: true });
});

async function started(options: FilesOptions = {}) {
  const events = recorder();
  const service = await createFiles({
    hosts: ['127.0.0.1'],
    port: 0,
    httpPort: 0,
    tftpPort: 0,
    greetingPort: 0,
    root,
    onEvent: events.onEvent,
    ...options,
  });
  const portOf = (name: string) => service.addresses.find((one) => one.service === name)?.port ?? 0;
  const [port, greeting] = [portOf('files'), portOf('greeting')];
  const get = async (name: string | Buffer): Promise<Buffer> => {
    using client = await tcpClient(port);
    client.socket.write(name);
    return await client.rest();
  };
  return { events, service, port, greeting, get, [Symbol.asyncDispose]: () => service.close(0) };
}

describe('files', () => {
  test.each(['hello.txt\n', 'hello.txt\r\n', 'hello.txt'])('the name %j is enough', async (name) => {
    await using files = await started();
    expect((await files.get(name)).toString()).toBe('hello');
  });

  test('a name ended by the client’s FIN is enough', async () => {
    await using files = await started();
    using client = await tcpClient(files.port);
    client.socket.end('hello.txt');
    expect((await client.rest()).toString()).toBe('hello');
    await files.events.seen({ event: 'close' });
    expect(files.events.matching({ event: 'end' })[0]).toMatchObject({ bytes: 9 });
  });

  test('a name may come in pieces, and what follows its newline is thrown away', async () => {
    await using files = await started();
    using client = await tcpClient(files.port);
    client.socket.write('hel');
    client.socket.write('lo.t');
    client.socket.write('xt\nand more\n');
    expect((await client.rest()).toString()).toBe('hello');
  });

  test('five million bytes arrive unchanged, and the event says file and size', async () => {
    await using files = await started();
    const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(digest(await files.get('big.bin\n'))).toBe(digest(big));
    expect(await files.events.seen({ event: 'send' })).toMatchObject({ file: 'big.bin', size: big.length });
    expect(await files.events.seen({ event: 'close' })).toMatchObject({ by: 'server', sent: big.length });
  });

  test('files in sub-folders, with names of any script, links inside, and empty files are files', async () => {
    await using files = await started();
    expect((await files.get('sub/naïve 名.txt\n')).toString()).toBe('deep');
    expect((await files.get('in\n')).toString()).toBe('hello');
    expect((await files.get('empty\n')).toString()).toBe('');
    await files.events.seen({ event: 'send', file: 'empty', size: 0 });
  });

  test.each([
    ['nope', 'missing'],
    ['hello.txt/', 'missing'],
    ['sub', 'folder'],
    ['.', 'folder'],
    ['..', 'outside'],
    ['../secret', 'outside'],
    ['sub/../../secret', 'outside'],
    ['sub/../hello.txt', 'outside'],
    ['/etc/passwd', 'outside'],
    ['out', 'outside'],
    ['up/secret', 'outside'],
    ['up/root/../secret', 'outside'],
    ['', 'invalid'],
    ['hello.txt\0', 'invalid'],
    [Buffer.from('c4e3', 'hex'), 'invalid'],
    ['x'.repeat(300), 'invalid'],
    ['x'.repeat(5000), 'invalid'],
    ['loop', 'invalid'],
    ['fifo', 'invalid'],
    ['socket', 'invalid'],
  ])('%j gets no byte and the event says %s', async (name, reason) => {
    await using files = await started();
    expect((await files.get(Buffer.concat([Buffer.from(name), Buffer.from('\n')]))).length).toBe(0);
    expect(await files.events.seen({ event: 'refuse' })).toMatchObject({ reason });
    expect(files.events.matching({ event: 'send' })).toEqual([]);
  });

  test('a name of 4,096 bytes is read whole, one more is no name', async () => {
    await using files = await started();
    await files.get(`${'a/'.repeat(2047)}ab\r\n`);
    expect(await files.events.seen({ event: 'receive' })).toMatchObject({ bytes: 4096 });
    await files.get(`${'a/'.repeat(2047)}abc\r\n`);
    expect(await files.events.seen({ event: 'refuse', reason: 'invalid', file: '' })).toBeTruthy();
  });

  test('whatever the name, nothing outside the root is sent', async () => {
    await using files = await started();
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'up',
      'out',
      'sub',
      'root',
      'secret',
      'hello.txt',
      '\\',
      '%2e',
      '~',
    );
    const name = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => Buffer.from(`${parts.join('/')}\n`)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from([...bytes, 10])),
    );
    await fc.assert(
      fc.asyncProperty(name, async (sent) => {
        expect(['', 'hello']).toContain((await files.get(sent)).toString());
      }),
      { numRuns: 150 },
    );
  });

  test('a file of any size is sent in constant memory, and no further than the client reads', async () => {
    const path = join(root, 'huge');
    writeFileSync(path, '');
    truncateSync(path, 20 * 2 ** 30);
    await using files = await started();
    using client = await tcpClient(files.port);
    client.socket.pause();
    client.socket.write('huge\n');
    await files.events.seen({ event: 'send', file: 'huge', size: 20 * 2 ** 30 });
    client.socket.resume();
    let came = 0;
    const before = process.memoryUsage().rss;
    for await (const chunk of client.socket) {
      came += (chunk as Buffer).length;
      if (came > 200 << 20) break;
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
    // Leaving in the middle of a download is an event and nothing more.
    await files.events.seen({ event: 'close' });
    expect((await files.get('hello.txt\n')).toString()).toBe('hello');
  });

  test('a download under way when it closes is finished', async () => {
    const files = await started();
    using client = await tcpClient(files.port);
    client.socket.pause();
    client.socket.end('big.bin\n');
    await files.events.seen({ event: 'send' });
    const closed = files.service.close(5000);
    expect((await client.rest()).length).toBe(big.length);
    await closed;
  });

  test('the greeting goes to whoever connects, whatever they say', async () => {
    await using files = await started({ greetingFile: join(root, 'hello.txt') });
    using silent = await tcpClient(files.greeting);
    expect((await silent.rest()).toString()).toBe('hello');
    using talker = await tcpClient(files.greeting);
    talker.socket.write('hello, server');
    expect((await talker.rest()).toString()).toBe('hello');
    talker.socket.end();
    const peer = { address: '127.0.0.1', port: talker.port };
    expect(await files.events.seen({ event: 'close', peer })).toMatchObject({ received: 13, sent: 5 });
  });

  test('without a greeting there is no port for it', async () => {
    await using files = await started();
    expect(files.service.addresses.map(({ service }) => service)).not.toContain('greeting');
  });

  test('a root or a greeting that is not there is said at the start', async () => {
    await expect(started({ root: join(folder, 'none') })).rejects.toThrow(
      /ROOT is .*: there is no such folder/,
    );
    await expect(started({ root: join(root, 'empty') })).rejects.toThrow(/ROOT is .*: it is not a folder/);
    await expect(started({ greetingFile: root })).rejects.toThrow(/GREETING_FILE is .*: it is not a file/);
  });
});

/** The program files over TFTP: blocks, options, windows, losses, and what an address that may be false gets. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFiles } from '../../services/files/server.ts';
import { settingsFrom } from '../../services/files/tftp/options.ts';
import { TO_ADDRESS } from '../../services/files/tftp/slots.ts';
import { SENDS } from '../../services/files/tftp/transfer.ts';
import { type Reply, type UdpClient, udpClient } from './clients.ts';
import { recorder } from './recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanlab-tftp-'));
const root = join(folder, 'root');
const some = randomBytes(5000);

beforeAll(() => {
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'some'), some);
  writeFileSync(join(root, 'even'), some.subarray(0, 1024));
  writeFileSync(join(root, 'empty'), '');
  writeFileSync(join(root, 'text'), 'a\nb\rc\r\n');
  writeFileSync(join(folder, 'secret'), 'secret');
  symlinkSync('../secret', join(root, 'out'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function started() {
  const events = recorder();
  const ports = { port: 0, httpPort: 0, tftpPort: 0, greetingPort: 0 };
  const service = await createFiles({ hosts: ['127.0.0.1'], root, onEvent: events.onEvent, ...ports });
  const { port } = service.addresses.find((one) => one.service === 'tftp')!;
  return { events, service, port, [Symbol.asyncDispose]: () => service.close(0) };
}

function request(name: string | Buffer, options: Record<string, string> = {}, mode = 'octet', opcode = 1) {
  const words = [mode, ...Object.entries(options).flat()].map((word) => `${word}\0`).join('');
  return Buffer.concat([Buffer.from([0, opcode]), Buffer.from(name), Buffer.from(`\0${words}`)]);
}

function ack(block: number): Buffer {
  return Buffer.from([0, 4, (block >> 8) & 0xff, block & 0xff]);
}

const opcodeOf = ({ data }: Reply) => data.readUInt16BE(0);
const blockOf = ({ data }: Reply) => data.readUInt16BE(2);

/** The options of an OACK, by name. */
function optionsIn({ data }: Reply): Record<string, string> {
  expect(data.readUInt16BE(0)).toBe(6);
  const words = data.toString('latin1', 2, data.length - 1).split('\0');
  return Object.fromEntries(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : [])));
}

/** Reads to the end: acknowledges the last block of each window. */
async function rest(client: UdpClient, first: Reply, blockBytes = 512, window = 1): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (let reply = first; ; reply = await client.next()) {
    const [opcode, block] = [opcodeOf(reply), blockOf(reply)];
    if (opcode !== 3 || block !== ((blocks.length + 1) & 0xffff)) throw new Error(`${opcode} ${block}`);
    blocks.push(reply.data.subarray(4));
    const last = reply.data.length - 4 < blockBytes;
    if (last || blocks.length % window === 0) client.send(ack(blocks.length), reply.from.port);
    if (last) return Buffer.concat(blocks);
  }
}

describe('files over TFTP', () => {
  test.each([
    ['some', some],
    ['even', some.subarray(0, 1024)],
    ['empty', Buffer.alloc(0)],
  ])('the file %s comes from a port of its own, and the events name it', async (name, content) => {
    await using files = await started();
    using client = await udpClient();
    const first = await client.ask(request(name), files.port);
    expect(first.from.port).not.toBe(files.port);
    expect(await rest(client, first)).toEqual(content);
    const peer = { address: '127.0.0.1', port: client.port };
    expect(await files.events.seen({ event: 'receive', peer })).toMatchObject({ text: name });
    const size = content.length;
    expect(await files.events.seen({ event: 'send', peer })).toMatchObject({ file: name, size });
    expect(await files.events.seen({ event: 'close', peer })).toMatchObject({ by: 'server', sent: size });
  });

  test('options are agreed on', async () => {
    await using files = await started();
    using client = await udpClient();
    const asked = { blksize: '8', WindowSize: '99', tsize: '0', timeout: '9', other: '1' };
    const agreed = await client.ask(request('some', asked), files.port);
    expect(optionsIn(agreed)).toEqual({ blksize: '8', windowsize: '64', tsize: '5000', timeout: '9' });
    client.send(ack(0), agreed.from.port);
    expect((await rest(client, await client.next(), 8, 64)).equals(some)).toBe(true);
  });

  test.each([
    [{ blksize: '7' }, {}],
    [{ blksize: '65465' }, { blksize: '65464' }],
    [
      { blksize: '8192', windowsize: '64' },
      { blksize: '8192', windowsize: '8' },
    ],
    [
      { blksize: '65464', windowsize: '2' },
      { blksize: '65464', windowsize: '1' },
    ],
    [{ windowsize: '0', timeout: '0' }, {}],
    [{ timeout: '256' }, {}],
    [{ blksize: 'x', timeout: '1e1', windowsize: '-1' }, {}],
    [{ tsize: '0' }, { tsize: '5' }],
  ])('of the options %j the server takes %j', (options, taken) => {
    const { accepted } = settingsFrom(new Map(Object.entries(options)), 5);
    expect(Object.fromEntries(accepted)).toEqual(taken);
  });

  test('in the mode netascii each line ends with CR LF, and the size is not told', async () => {
    await using files = await started();
    using client = await udpClient();
    const agreed = await client.ask(request('text', { tsize: '0', blksize: '8' }, 'NetASCII'), files.port);
    expect(optionsIn(agreed)).toEqual({ blksize: '8' });
    client.send(ack(0), agreed.from.port);
    expect((await rest(client, await client.next(), 8)).toString()).toBe('a\r\nb\r\0c\r\0\r\n');
  });

  test('a block that is not acknowledged comes again, and an old acknowledgement brings none', async () => {
    await using files = await started();
    using client = await udpClient();
    const first = await client.ask(request('some'), files.port);
    expect((await client.next()).data).toEqual(first.data);
    client.send(ack(1), first.from.port);
    const second = await client.next();
    expect(blockOf(second)).toBe(2);
    for (const old of [1, 1, 1, 0, 500]) client.send(ack(old), first.from.port);
    client.send(ack(2), first.from.port);
    expect(blockOf(await client.next())).toBe(3);
  });

  test('a window goes on behind the last block that came', async () => {
    await using files = await started();
    using client = await udpClient();
    const agreed = await client.ask(request('some', { windowsize: '4', timeout: '200' }), files.port);
    client.send(ack(0), agreed.from.port);
    const numbers = async (count: number) => {
      const replies: number[] = [];
      while (replies.length < count) replies.push(blockOf(await client.next()));
      return replies;
    };
    expect(await numbers(4)).toEqual([1, 2, 3, 4]);
    client.send(ack(2), agreed.from.port);
    expect(await numbers(4)).toEqual([3, 4, 5, 6]);
    // The first of the window was lost: the last that came is one from before it.
    client.send(ack(2), agreed.from.port);
    expect(await numbers(4)).toEqual([3, 4, 5, 6]);
    client.send(ack(6), agreed.from.port);
    expect(await numbers(4)).toEqual([7, 8, 9, 10]);
    client.send(ack(10), agreed.from.port);
    await files.events.seen({ event: 'close', by: 'server', sent: 5000 });
  });

  test('an address that does not answer gets its first packet three times, and then nothing', async () => {
    await using files = await started();
    using client = await udpClient();
    client.send(request('some', { timeout: '1' }), files.port);
    expect(await files.events.seen({ event: 'close' })).toMatchObject({
      by: 'error',
      sent: 0,
      reason: 'the client does not answer',
    });
    const replies = await Promise.all(Array.from({ length: SENDS.unproven }, () => client.next()));
    expect(new Set(replies.map(({ data }) => data.toString('hex'))).size).toBe(1);
    expect(client.waiting).toEqual([]);
  });

  test('an address has a few transfers that nobody answers, and others have theirs', async () => {
    await using files = await started();
    const clients = await Promise.all(Array.from({ length: TO_ADDRESS + 1 }, () => udpClient()));
    for (const client of clients) client.send(request('some'), files.port);
    expect(await files.events.seen({ event: 'ignore' })).toMatchObject({
      reason: `${TO_ADDRESS} transfers to this address are not answered`,
    });
    using other = await udpClient({ address: '127.0.0.2' });
    const first = await other.ask(request('some'), files.port, '127.0.0.1');
    expect(opcodeOf(first)).toBe(3);
    for (const client of clients) client[Symbol.dispose]();
  });

  test('the same request again is one transfer', async () => {
    await using files = await started();
    using client = await udpClient();
    const first = await client.ask(request('some'), files.port);
    client.send(request('some'), files.port);
    expect(await files.events.seen({ event: 'ignore' })).toMatchObject({
      reason: 'a transfer to this port is under way',
    });
    expect(await rest(client, first)).toEqual(some);
  });

  test('a client that ends the transfer, or leaves, ends it at once', async () => {
    await using files = await started();
    using client = await udpClient();
    const first = await client.ask(request('some'), files.port);
    client.send(Buffer.from('\0\x05\0\x03disk full\0'), first.from.port);
    expect(await files.events.seen({ event: 'close' })).toMatchObject({ by: 'peer', reason: 'disk full' });
    const gone = await udpClient();
    await gone.ask(request('some', { windowsize: '2' }), files.port);
    const peer = { address: '127.0.0.1', port: gone.port };
    gone[Symbol.dispose]();
    expect(await files.events.seen({ event: 'close', peer })).toMatchObject({ by: 'reset' });
  });

  test.each([
    [request('nope'), 1, 'missing'],
    [request('sub'), 2, 'folder'],
    [request('../secret'), 2, 'outside'],
    [request('/etc/passwd'), 2, 'outside'],
    [request('out'), 2, 'outside'],
    [request(''), 2, 'invalid'],
    [request(Buffer.from('c4e3', 'hex')), 2, 'invalid'],
    [request('some', {}, 'mail'), 4, 'mode'],
    [request('some', {}, 'octet', 2), 2, 'read-only'],
  ])(
    'the request %# gets the error %i, which is no longer than the request',
    async (packet, code, reason) => {
      await using files = await started();
      using client = await udpClient();
      const { data } = await client.ask(packet, files.port);
      expect([data.readUInt16BE(0), data.readUInt16BE(2)]).toEqual([5, code]);
      expect(data.length).toBeLessThanOrEqual(packet.length);
      expect(await files.events.seen({ event: 'refuse' })).toMatchObject({ reason });
    },
  );

  test.each([
    '',
    '\0',
    '\0\x01',
    '\0\x01some',
    '\0\x01some\0',
    '\0\x01some\0octet',
    '\0\x03\0\x01x',
    'hello',
  ])('%j is no request and gets no answer', async (text) => {
    await using files = await started();
    using client = await udpClient();
    client.send(text, files.port);
    const reason = 'no request of TFTP';
    expect(await files.events.seen({ event: 'ignore' })).toMatchObject({ reason });
    expect(files.events.matching({ event: 'send' })).toEqual([]);
  });

  test('a file that becomes shorter while it is sent ends with an error', async () => {
    await using files = await started();
    const path = join(root, 'shrinking');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 20);
    using client = await udpClient();
    const first = await client.ask(request('shrinking', { blksize: '65464' }), files.port);
    client.send(ack(0), first.from.port);
    let reply = await client.next();
    truncateSync(path, 0);
    while (opcodeOf(reply) === 3) {
      client.send(ack(blockOf(reply)), first.from.port);
      reply = await client.next();
    }
    expect([opcodeOf(reply), reply.data.readUInt16BE(2)]).toEqual([5, 0]);
    expect(await files.events.seen({ event: 'close' })).toMatchObject({ by: 'error' });
    rmSync(path);
  });
});

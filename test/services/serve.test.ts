/** What the five programs share: event lines, environment variables, start and end. */
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { EVERY_ADDRESS, hostsFrom, numberFrom, portFrom } from '../../services/environment.ts';
import { eventLines } from '../../services/event-lines.ts';
import { excerpt } from '../../services/events.ts';
import { tcpClient, udpClient } from './clients.ts';
import { startProgram } from './program.ts';

const LOCAL = { HOST: '127.0.0.1' };
const FREE: Record<string, Record<string, string>> = {
  'tcp-echo': { ...LOCAL, PORT_ECHO: '0', PORT_CAPITALS: '0' },
  'udp-echo': { ...LOCAL, PORT_ECHO: '0', PORT_CAPITALS: '0' },
  time: { ...LOCAL, PORT_NTP: '0', PORT_TIME: '0', PORT_DAYTIME: '0', PORT_SECONDS: '0' },
  files: { ...LOCAL, PORT: '0', ROOT: '.' },
  chat: { ...LOCAL, PORT: '0', PORT_IRC: '0' },
};
const NAMES = Object.keys(FREE);

describe('event lines', () => {
  const numbered = (n: number) => ({ time: 't', event: 'receive', n });
  const numbers = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; n?: number; count?: number });

  test('are written in order, one JSON object a line', async () => {
    const output = new PassThrough();
    const lines = eventLines(output);
    for (let n = 0; n < 100; n += 1) lines.event(numbered(n));
    await lines.flush(1000);
    expect(numbers(String(output.read())).map(({ n }) => n)).toEqual(
      Array.from({ length: 100 }, (_, n) => n),
    );
  });

  test('of a busy program go out together, and the first after a pause goes out at once', async () => {
    const written: string[] = [];
    const output = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    const lines = eventLines(output);
    lines.event(numbered(0));
    await new Promise(setImmediate);
    expect(written).toHaveLength(1);
    const began = performance.now();
    for (let n = 1; n <= 2000; n += 1) {
      lines.event(numbered(n));
      await new Promise(setImmediate);
    }
    await lines.flush(1000);
    // A millisecond lies between two writes.
    expect(written.length).toBeLessThan(3 + performance.now() - began);
    expect(numbers(written.join('')).map(({ n }) => n)).toEqual(Array.from({ length: 2001 }, (_, n) => n));
  });

  test('that nobody reads are dropped and counted, and the count stands where they are missing', async () => {
    const written: string[] = [];
    let release = (): void => {};
    const output = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        release = done;
      },
    });
    const lines = eventLines(output, 1000);
    lines.event(numbered(0));
    await vi.waitFor(() => expect(written).toHaveLength(1));
    for (let n = 1; n < 10_000; n += 1) lines.event(numbered(n));
    const flushed = lines.flush(5000);
    release();
    await vi.waitFor(() => expect(written).toHaveLength(2));
    lines.event(numbered(10_000));
    release();
    await vi.waitFor(() => expect(written).toHaveLength(3));
    release();
    await flushed;
    const all = numbers(written.join(''));
    const at = all.findIndex((line) => line.event === 'dropped');
    expect(all.slice(0, at).map(({ n }) => n)).toEqual(Array.from({ length: at }, (_, n) => n));
    expect(at + (all[at]?.count ?? 0)).toBe(10_000);
    expect(all.slice(at + 1).map(({ n }) => n)).toEqual([10_000]);
    expect(written.join('').length).toBeLessThan(2000);
  });

  test('may be many while the lines before them are written, and none is written over', async () => {
    const written: string[] = [];
    const output = new Writable({
      write(chunk, _encoding, done) {
        // A slow reader takes the bytes late.
        setTimeout(() => {
          written.push(String(chunk));
          done();
        }, 5);
      },
    });
    const lines = eventLines(output);
    const end = { address: '127.0.0.1', port: 7 };
    const ends = { transport: 'udp', peer: end, local: end } as const;
    for (let n = 0; n < 3000; n += 1) {
      const data = Buffer.from(`${n}`.padEnd(n % 90, '名'));
      lines.message({ event: 'send', ends, data, bytes: n, at: n });
      if (n % 700 === 0) await new Promise(setImmediate);
    }
    await lines.flush(5000);
    const all = written.join('').trim().split('\n');
    expect(all.map((text) => (JSON.parse(text) as { bytes: number }).bytes)).toEqual(
      Array.from({ length: 3000 }, (_, n) => n),
    );
  });

  test('whose reader has gone away are no error', async () => {
    const output = new PassThrough();
    const lines = eventLines(output);
    output.destroy(new Error('EPIPE'));
    await new Promise(setImmediate);
    lines.event(numbered(1));
    await lines.flush(1000);
  });

  test('hold at most 200 characters of text, and say when it was cut', () => {
    expect(excerpt(Buffer.from('héllo'))).toEqual({ bytes: 6, text: 'héllo' });
    expect(excerpt(Buffer.from('x'.repeat(200)))).toEqual({ bytes: 200, text: 'x'.repeat(200) });
    expect(excerpt(Buffer.from('名'.repeat(201)))).toEqual({
      bytes: 603,
      text: '名'.repeat(200),
      truncated: true,
    });
    const pairs = excerpt(Buffer.from(`x${'😀'.repeat(150)}`));
    expect(pairs).toEqual({ bytes: 601, text: `x${'😀'.repeat(99)}`, truncated: true });
    expect(excerpt(Buffer.from('ff41', 'hex')).text).toBe('\ufffdA');
  });
});

describe('the environment', () => {
  test('left out or empty gives the defaults', () => {
    expect(portFrom({ PORT: '' }, 'PORT', 9000)).toBe(9000);
    expect(hostsFrom({})).toEqual(EVERY_ADDRESS);
    expect(hostsFrom({ HOST: ' 10.0.0.1, ::1 ' })).toEqual(['10.0.0.1', '::1']);
  });

  test.each(['x', '65536', '-1', '1.5', '1e3', '0x10', '   a'])('a port %j is refused', (given) => {
    const allowed = 'a whole number from 0 to 65535. Set it so, or leave it out for 9000.';
    expect(() => portFrom({ PORT: given }, 'PORT', 9000)).toThrow(
      `PORT is ${JSON.stringify(given.trim())}; allowed: ${allowed}`,
    );
  });

  test('a number may have fractions where that makes sense', () => {
    const range = { fallback: 0, min: -10, max: 10, fraction: true };
    expect(numberFrom({ OFFSET: '-1.25' }, 'OFFSET', range)).toBe(-1.25);
  });
});

describe('a program', () => {
  test.each(NAMES)('%s is ready once it listens, and SIGTERM ends it with 0', async (name) => {
    await using program = startProgram(name, FREE[name] ?? {});
    expect(Object.values(await program.ports()).every((port) => port > 0)).toBe(true);
    program.process.kill('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('SIGINT ends it with 0 too', async () => {
    await using program = startProgram('chat', FREE.chat ?? {});
    await program.ports();
    program.process.kill('SIGINT');
    expect(await program.ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('SIGTERM lets what is under way finish, and its events come out', async () => {
    await using program = startProgram('tcp-echo', FREE['tcp-echo'] ?? {});
    const { echo = 0 } = await program.ports();
    using client = await tcpClient(echo);
    await program.events.seen({ event: 'accept' });
    program.process.kill('SIGTERM');
    client.socket.end('last words');
    expect((await client.rest()).toString()).toBe('last words');
    expect((await program.ended).code).toBe(0);
    await program.events.seen({ event: 'close', received: 10, sent: 10, by: 'peer' });
  });

  test.each(NAMES)('a second %s on the port is one clear line and exit code 1', async (name) => {
    await using first = startProgram(name, FREE[name] ?? {});
    const ports = Object.values(await first.ports());
    const settings = Object.keys(FREE[name] ?? {}).filter((key) => key.startsWith('PORT'));
    const env = Object.fromEntries(settings.map((key, at) => [key, String(ports[at])]));
    await using second = startProgram(name, { ...FREE[name], ...env });
    const { code, stderr } = await second.ended;
    const transport = name === 'tcp-echo' || name === 'files' ? 'tcp' : 'udp';
    expect(stderr).toBe(
      `${name}: cannot listen on ${transport} port ${ports[0]} of 127.0.0.1: the port is in use (EADDRINUSE). ` +
        `Stop the program that has it, or choose another with ${settings[0]}.\n`,
    );
    expect(code).toBe(1);
  });

  test.each(NAMES)('%s with a wrong setting is one clear line and exit code 1', async (name) => {
    await using program = startProgram(name, { ...FREE[name], EVENTS: 'some' });
    expect(await program.ended).toEqual({
      code: 1,
      signal: null,
      stderr:
        `${name}: EVENTS is "some"; allowed: one of messages, connections, off. ` +
        'Set it so, or leave it out for messages.\n',
    });
  });

  test.each([
    ['time', { TZ: 'Mars/Base' }, /^time: TZ is "Mars\/Base"; allowed: a zone of the time zone database/],
    ['time', { REFERENCE_ID: 'TOOLONG' }, /^time: REFERENCE_ID is "TOOLONG"; allowed: an IPv4 address or/],
    ['time', { OFFSET: 'soon' }, /^time: OFFSET is "soon"; allowed: a number of seconds/],
    ['udp-echo', { GROUP: '10.0.0.1' }, /^udp-echo: GROUP is "10.0.0.1"; allowed: multicast addresses/],
    ['chat', { HOST: 'localhost' }, /^chat: HOST is "localhost"; allowed: one or more literal addresses/],
    [
      'chat',
      { HOST: '192.0.2.99' },
      /^chat: cannot listen on udp port 0 of 192.0.2.99: this host does not have/,
    ],
    ['files', { ROOT: '/none' }, /^files: ROOT is "\/none": there is no such folder. Set ROOT/],
  ])('%s with %j says what is allowed', async (name, env, expected) => {
    await using program = startProgram(name, { ...FREE[name], ...env } as Record<string, string>);
    const { code, stderr } = await program.ended;
    expect(stderr).toMatch(expected);
    expect(stderr.trim().split('\n').length).toBe(1);
    expect(code).toBe(1);
  });

  test('goes on when nobody reads its events, in bounded memory, and counts those it drops', async () => {
    await using program = startProgram('udp-echo', FREE['udp-echo'] ?? {}, false);
    const first = await new Promise<string>((resolve) =>
      program.process.stdout?.once('data', (chunk) => {
        program.process.stdout?.pause();
        resolve(String(chunk));
      }),
    );
    const port = (JSON.parse(first) as { listening: { port: number }[] }).listening[0]?.port ?? 0;
    using client = await udpClient();
    const text = 'x'.repeat(200);
    // Two events a datagram of some 400 characters: many times what the queue and the pipe hold.
    for (let n = 0; n < 8000; n += 1) await client.ask(text, port);
    const rest: string[] = [];
    program.process.stdout?.on('data', (chunk) => rest.push(String(chunk))).resume();
    program.process.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    const lines = rest.join('').trim().split('\n');
    const dropped = lines.filter((line) => line.includes('"event":"dropped"'));
    const count = dropped.reduce((sum, line) => sum + (JSON.parse(line) as { count: number }).count, 0);
    expect(dropped.length).toBeGreaterThan(0);
    expect(lines.length - dropped.length + count).toBe(16_000);
  });
});

/** The program tcp-echo: bytes, FIN, resets, and many clients at once. */
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capitals } from '../../services/capitals.ts';
import type { ServiceEvent } from '../../services/events.ts';
import { createTcpEcho, type TcpEchoOptions } from '../../services/tcp-echo/server.ts';
import { type TcpClient, tcpClient } from './clients.ts';
import { recorder } from './recorder.ts';

async function started(options: TcpEchoOptions = {}) {
  const events = recorder();
  const service = await createTcpEcho({
    hosts: ['127.0.0.1'],
    echoPort: 0,
    capitalsPort: 0,
    onEvent: events.onEvent,
    ...options,
  });
  const [echo, caps] = service.addresses.map(({ port }) => port) as [number, number];
  return { events, service, echo, caps, [Symbol.asyncDispose]: () => service.close(0) };
}

describe('capitals', () => {
  test('change the bytes a to z and no other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const out = capitals(Buffer.from(bytes));
        return bytes.every((byte, i) => out[i] === (byte >= 97 && byte <= 122 ? byte - 32 : byte));
      }),
    );
  });

  test('leave the letters of other scripts as they are', () => {
    expect(capitals(Buffer.from('straße é я 大 z')).toString()).toBe('STRAßE é я 大 Z');
  });
});

describe('tcp-echo', () => {
  test('sends back exactly what it gets, however it is cut into chunks', async () => {
    await using server = await started({ events: 'off' });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 12 }), async (chunks) => {
        using client = await tcpClient(server.echo);
        for (const chunk of chunks) client.socket.write(chunk);
        client.socket.end();
        expect(await client.rest()).toEqual(Buffer.concat(chunks));
      }),
      { numRuns: 30 },
    );
  });

  test('answers in capitals on its other port', async () => {
    await using server = await started();
    using client = await tcpClient(server.caps);
    client.socket.write('hello é');
    expect((await client.received(8)).toString()).toBe('HELLO é');
  });

  test('what was sent before the FIN comes back, and then the FIN', async () => {
    await using server = await started();
    using client = await tcpClient(server.echo);
    const sent = Buffer.alloc(3_000_000, 'abc');
    client.socket.end(sent);
    expect((await client.rest()).equals(sent)).toBe(true);
  });

  test('its events name both ends, count the bytes, and say who closed', async () => {
    await using server = await started();
    using client = await tcpClient(server.caps);
    const peer = { address: '127.0.0.1', port: client.port };
    const local = { address: '127.0.0.1', port: server.caps };
    client.socket.end('hello');
    await client.rest();
    await server.events.seen({ event: 'close', peer });
    const seen = server.events.matching({ peer, local });
    expect(seen.map(({ time, peer: _peer, local: _local, ...rest }) => rest)).toEqual([
      { event: 'accept', transport: 'tcp' },
      { event: 'receive', transport: 'tcp', bytes: 5, text: 'hello' },
      { event: 'send', transport: 'tcp', bytes: 5, text: 'HELLO' },
      { event: 'end', transport: 'tcp', bytes: 5 },
      { event: 'close', transport: 'tcp', by: 'peer', received: 5, sent: 5 },
    ]);
    for (const { time } of seen) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('a mapped IPv4 peer is printed as the IPv4 address it is', async () => {
    await using server = await started({ hosts: ['::'] });
    using client = await tcpClient(server.echo, '127.0.0.1');
    const accept = await server.events.seen({ event: 'accept' });
    expect(accept.peer).toEqual({ address: '127.0.0.1', port: client.port });
    expect(accept.local).toEqual({ address: '127.0.0.1', port: server.echo });
  });

  test('a reset is an event, and the others are served on', async () => {
    await using server = await started();
    using other = await tcpClient(server.echo);
    using client = await tcpClient(server.echo);
    const peer = { address: '127.0.0.1', port: client.port };
    await server.events.seen({ event: 'accept', peer });
    client.socket.resetAndDestroy();
    await server.events.seen({ event: 'reset', peer, code: 'ECONNRESET' });
    await server.events.seen({ event: 'close', peer, by: 'reset' });
    other.socket.end('still here');
    expect((await other.rest()).toString()).toBe('still here');
  });

  test('a client that resets while it is sent to does not end the program', async () => {
    await using server = await started({ events: 'connections' });
    using client = await tcpClient(server.echo);
    client.socket.pause();
    client.socket.write(Buffer.alloc(8_000_000));
    client.socket.resetAndDestroy();
    await server.events.seen({ event: 'close', by: 'reset' });
    using next = await tcpClient(server.echo);
    next.socket.end('x');
    expect((await next.rest()).toString()).toBe('x');
  });

  test('a reader that does not read stops the writer', async () => {
    await using server = await started();
    using client = await tcpClient(server.echo);
    client.socket.pause();
    const chunk = Buffer.alloc(1 << 20, 'x');
    const offered = 128;
    let accepted = 0;
    for (let i = 0; i < offered; i += 1) client.socket.write(chunk, () => (accepted += 1));
    // The writer has stopped when nothing more was taken between two looks.
    await standsStill(() => client.socket.bytesWritten - client.socket.writableLength);
    // Both kernels' buffers, of both directions, and what the program holds: far below what was offered.
    expect(accepted).toBeLessThan(64);
    const inProgram = server.events
      .matching({ event: 'receive' })
      .reduce((sum, event: ServiceEvent) => sum + Number(event.bytes), 0);
    expect(inProgram).toBeLessThan(32 << 20);
    // And it goes on where it stopped.
    let came = 0;
    client.socket.on('data', (data) => {
      came += data.length;
    });
    client.socket.resume().end();
    await once(client.socket, 'end');
    expect(came).toBe(offered << 20);
  });

  test('any number of clients are served at once, each its own bytes', async () => {
    await using server = await started({ events: 'off' });
    const clients = await Promise.all(Array.from({ length: 200 }, () => tcpClient(server.echo)));
    for (const [i, client] of clients.entries()) client.socket.write(`client ${i}`);
    const replies = await Promise.all(clients.map((client, i) => client.received(`client ${i}`.length)));
    expect(replies.map(String)).toEqual(clients.map((_, i) => `client ${i}`));
    for (const client of clients) client.socket.destroy();
  });

  test('thousands that end at once give all their descriptors back, and one that comes then is served', async () => {
    await using server = await started({ events: 'connections' });
    const clients: TcpClient[] = [];
    for (let i = 0; i < 2000; i += 1) clients.push(await tcpClient(server.echo));
    await server.events.seen(() => server.events.matching({ event: 'accept' }).length === 2000);
    for (const client of clients) client.socket.destroy();
    using good = await tcpClient(server.echo);
    good.socket.end('still here');
    expect((await good.rest()).toString()).toBe('still here');
    await server.events.seen(() => server.events.matching({ event: 'close' }).length === 2001);
    for (const { by, received, sent } of server.events.matching({ event: 'close' }).slice(0, 2000)) {
      expect([by, received, sent]).toEqual(['peer', 0, 0]);
    }
  });

  test('a client that has ended and still reads gets all, and then the FIN', async () => {
    await using server = await started();
    using client = await tcpClient(server.echo);
    client.socket.end();
    expect((await client.rest()).length).toBe(0);
    await server.events.seen({ event: 'close', by: 'peer', received: 0, sent: 0 });
  });

  test('once it closes new clients are refused and the accepted one is served until it ends', async () => {
    const server = await started();
    using client = await tcpClient(server.echo);
    await server.events.seen({ event: 'accept' });
    const closed = server.service.close(5000);
    await expect(tcpClient(server.echo)).rejects.toThrow('ECONNREFUSED');
    client.socket.end('the last words');
    expect((await client.rest()).toString()).toBe('the last words');
    await closed;
  });

  test('a client that never ends is ended after the grace', async () => {
    const server = await started();
    using client = await tcpClient(server.echo);
    await server.events.seen({ event: 'accept' });
    await server.service.close(30);
    expect((await client.rest()).length).toBe(0);
    expect(server.events.matching({ event: 'close' })[0]).toMatchObject({ by: 'server' });
  });

  test('with EVENTS=connections there is no event a message, with off only ready', async () => {
    for (const [level, wanted] of [
      ['connections', ['ready', 'accept', 'end', 'close']],
      ['off', ['ready']],
    ] as const) {
      const server = await started({ events: level });
      using client = await tcpClient(server.echo);
      client.socket.end('hello');
      await client.rest();
      await server.service.close();
      expect(server.events.all.map(({ event }) => event)).toEqual(wanted);
    }
  });
});

async function standsStill(value: () => number): Promise<void> {
  let before = -1;
  while (value() !== before) {
    before = value();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

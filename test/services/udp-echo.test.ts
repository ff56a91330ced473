/** The program udp-echo: datagrams, addresses, ports, and no endless echo. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createUdpEcho, type UdpEchoOptions } from '../../services/udp-echo/server.ts';
import { udpClient } from './clients.ts';
import { recorder } from './recorder.ts';

async function started(options: UdpEchoOptions = {}) {
  const events = recorder();
  const service = await createUdpEcho({
    hosts: ['127.0.0.1'],
    echoPort: 0,
    capitalsPort: 0,
    onEvent: events.onEvent,
    ...options,
  });
  const port = (name: string): number => service.addresses.find((one) => one.service === name)?.port ?? 0;
  return {
    events,
    service,
    echo: port('echo'),
    caps: port('capitals'),
    [Symbol.asyncDispose]: () => service.close(0),
  };
}

describe('udp-echo', () => {
  test('sends each datagram back as one, from 0 to 65,507 bytes', async () => {
    await using server = await started();
    using client = await udpClient();
    for (const size of [0, 1, 1472, 1473, 65_507]) {
      const { data, from } = await client.ask(Buffer.alloc(size, 'x'), server.echo);
      expect(data.length).toBe(size);
      expect(from).toEqual({ address: '127.0.0.1', port: server.echo });
    }
  });

  test('answers any bytes with the same bytes, and in capitals on its other port', async () => {
    await using server = await started({ events: 'off' });
    using client = await udpClient();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 1400 }), async (bytes) => {
        const sent = Buffer.from(bytes);
        expect((await client.ask(sent, server.echo)).data).toEqual(sent);
        const wanted = sent.map((byte) => (byte >= 97 && byte <= 122 ? byte - 32 : byte));
        expect((await client.ask(sent, server.caps)).data).toEqual(Buffer.from(wanted));
      }),
      { numRuns: 50 },
    );
  });

  test('answers from the address it was asked at, where the host has two', async () => {
    await using server = await started({ hosts: ['127.0.0.1', '127.0.0.2'] });
    using client = await udpClient();
    for (const host of ['127.0.0.1', '127.0.0.2']) {
      const { from } = await client.ask('x', server.echo, host);
      expect(from).toEqual({ address: host, port: server.echo });
      await server.events.seen({ event: 'receive', local: { address: host, port: server.echo } });
    }
  });

  test('by default it hears loopback of both families', async () => {
    await using server = await started({ hosts: ['::'] });
    const heard = server.service.addresses.map(({ address }) => address);
    expect(heard).toContain('127.0.0.1');
    using four = await udpClient();
    expect((await four.ask('four', server.echo)).text).toBe('four');
    if (!heard.includes('::1')) return;
    using six = await udpClient({ address: '::1' });
    expect((await six.ask('six', server.echo)).text).toBe('six');
  });

  test('HOST with one address is that one and nothing else', async () => {
    await using server = await started({ hosts: ['127.0.0.2'] });
    expect(server.service.addresses).toEqual([
      { transport: 'udp', address: '127.0.0.2', port: server.echo, service: 'echo' },
      { transport: 'udp', address: '127.0.0.2', port: server.caps, service: 'capitals' },
    ]);
  });

  test('its events name both ends and the bytes', async () => {
    await using server = await started();
    using client = await udpClient();
    await client.ask('hello', server.caps);
    const send = await server.events.seen({ event: 'send' });
    const ends = {
      transport: 'udp',
      peer: { address: '127.0.0.1', port: client.port },
      local: { address: '127.0.0.1', port: server.caps },
    };
    expect(server.events.matching({ event: 'receive' })).toEqual([
      { time: expect.any(String), event: 'receive', ...ends, bytes: 5, text: 'hello' },
    ]);
    expect(send).toEqual({ time: expect.any(String), event: 'send', ...ends, bytes: 5, text: 'HELLO' });
  });

  test('the first answer of a turn leaves at once, and the others leave when all have been heard', async () => {
    await using server = await started();
    using client = await udpClient();
    const texts = ['1', '2', '3', '4', '5'];
    // All are there before the server, in the same process, looks.
    for (const text of texts) client.send(text, server.echo);
    for (const text of texts) expect((await client.next()).text).toBe(text);
    await server.events.seen({ event: 'send', text: '5' });
    const told = server.events.all.flatMap(({ event, text }) =>
      text === undefined ? [] : `${event} ${text}`,
    );
    const [first, ...others] = texts;
    expect(told).toEqual([
      ...[`receive ${first}`, `send ${first}`],
      ...others.map((text) => `receive ${text}`),
      ...others.map((text) => `send ${text}`),
    ]);
  });

  test('closed in the middle of a turn, it sends the answers that wait', async () => {
    const heard = recorder();
    await using server = await started({
      onEvent(event) {
        heard.onEvent(event);
        if (event.event === 'receive' && event.text === '2')
          queueMicrotask(() => void server.service.close());
      },
    });
    using client = await udpClient();
    for (const text of ['1', '2', '3']) client.send(text, server.echo);
    for (const text of ['1', '2']) expect((await client.next()).text).toBe(text);
    await heard.seen({ event: 'send', text: '2' });
    expect(heard.matching({ event: 'error' })).toEqual([]);
  });

  test('a datagram from its own port is not answered, so two of them cannot echo each other for ever', async () => {
    await using server = await started({ hosts: ['127.0.0.1'] });
    using mirror = await udpClient({ address: '127.0.0.2', port: server.echo });
    mirror.send('again', server.echo, '127.0.0.1');
    const ignored = await server.events.seen({ event: 'ignore' });
    expect(ignored.reason).toBe(`port ${server.echo} is the port of this service`);
    // The barrier: an answer to the first would have been sent before the answer to the second.
    using client = await udpClient();
    await client.ask('barrier', server.echo);
    await mirrorIsEmpty(mirror);
  });

  test('a second one on the same port is an error that says how to repair it', async () => {
    await using server = await started();
    await expect(started({ capitalsPort: server.echo })).rejects.toThrow(
      `cannot listen on udp port ${server.echo} of 127.0.0.1: the port is in use (EADDRINUSE). ` +
        'Stop the program that has it, or choose another with PORT_CAPITALS.',
    );
  });

  test('of two ports where one cannot be had, the other is given back', async () => {
    await using first = await started();
    const free = await freePort();
    await expect(started({ echoPort: free, capitalsPort: first.echo })).rejects.toThrow('EADDRINUSE');
    using again = await udpClient({ port: free });
    expect(again.port).toBe(free);
  });

  test('closed, it answers nobody and its ports are free', async () => {
    const server = await started();
    await server.service.close();
    using again = await udpClient({ port: server.echo });
    expect(again.port).toBe(server.echo);
  });
});

async function freePort(): Promise<number> {
  using probe = await udpClient();
  return probe.port;
}

async function mirrorIsEmpty(mirror: Awaited<ReturnType<typeof udpClient>>): Promise<void> {
  // A datagram to itself over loopback comes after all that was sent to it before.
  const { text } = await mirror.ask('end', mirror.port, '127.0.0.2');
  expect(text).toBe('end');
}

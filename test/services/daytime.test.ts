/** The program time: Daytime and the Time Protocol over TCP and UDP, and what an address gets that asks too often or too briefly. */
import { describe, expect, test } from 'vitest';
import { Budget } from '../../services/budget.ts';
import { createTime, type TimeOptions } from '../../services/time/server.ts';
import { tcpClient, type UdpClient, udpClient } from './clients.ts';
import { recorder } from './recorder.ts';

const TO_1970 = 2_208_988_800;
const FORM = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d \d{4}\r\n$/;

async function started(options: TimeOptions = {}) {
  const events = recorder();
  const ports = { ntpPort: 0, textPort: 0, daytimePort: 0, secondsPort: 0 };
  const service = await createTime({ hosts: ['127.0.0.1'], ...ports, onEvent: events.onEvent, ...options });
  const port = (name: string, over: 'tcp' | 'udp' = 'udp'): number =>
    service.addresses.find(({ service, transport }) => service === name && transport === over)!.port;
  return { events, port, [Symbol.asyncDispose]: () => service.close(0) };
}

/** NTP, version 4, from a client. */
function request(): Buffer {
  const packet = Buffer.alloc(48, 'x');
  packet[0] = 0b00_100_011;
  return packet;
}

async function overTcp(port: number, says = ''): Promise<Buffer> {
  using client = await tcpClient(port);
  if (says !== '') client.socket.write(says);
  return await client.rest();
}

describe('daytime and seconds', () => {
  test('are told over UDP to any datagram, and over TCP to each client, who is told the end too', async () => {
    await using server = await started({ offset: 3600 });
    using client = await udpClient();
    const wanted = Date.now() / 1000 + 3600;
    for (const says of ['', '\n', 'what is the time?', 'x'.repeat(1000)]) {
      const daytimes = [
        (await client.ask(says, server.port('daytime'))).data,
        await overTcp(server.port('daytime', 'tcp'), says),
      ];
      for (const text of daytimes.map(String)) {
        expect(text).toMatch(FORM);
        expect(Math.abs(Date.parse(text) / 1000 - wanted)).toBeLessThan(60);
      }
      const seconds = [
        (await client.ask(says, server.port('seconds'))).data,
        await overTcp(server.port('seconds', 'tcp'), says),
      ];
      for (const bytes of seconds) {
        expect(bytes.length).toBe(4);
        expect(Math.abs(bytes.readUInt32BE() - TO_1970 - wanted)).toBeLessThan(60);
      }
    }
    expect(server.events.matching({ event: 'error' })).toEqual([]);
  });

  test('a client that stays after its answer is closed, and one that goes on sending too', async () => {
    await using server = await started();
    const port = server.port('daytime', 'tcp');
    using idle = await tcpClient(port);
    using chatty = await tcpClient(port);
    const sending = setInterval(() => chatty.socket.write('x'), 50);
    for (const { socket } of [idle, chatty]) {
      const peer = { address: '127.0.0.1', port: socket.localPort };
      const { by } = await server.events.seen({ event: 'close', transport: 'tcp', peer, by: 'server' });
      expect(by).toBe('server');
    }
    clearInterval(sending);
  });
});

/** Asks again and again until so many questions were ignored; returns the number of answers, and the milliseconds. */
async function answersOf(options: {
  readonly name: string;
  readonly says: string;
  readonly clients: readonly UdpClient[];
}) {
  const { name, says, clients } = options;
  const events = recorder();
  const counts = { receive: 0, ignore: 0 };
  let came = (): void => {};
  const onEvent: TimeOptions['onEvent'] = (event) => {
    if (event.event === 'ignore') events.onEvent(event);
    if (event.event === 'receive' || event.event === 'ignore') counts[event.event] += 1;
    came();
  };
  const server = await started({ onEvent });
  const began = performance.now();
  let asked = 0;
  while (counts.ignore < clients.length) {
    for (const client of clients) {
      // No more than a socket's buffer takes.
      for (let i = 0; i < 20; i += 1) client.send(says, server.port(name), '127.0.0.1');
      asked += 20;
    }
    await new Promise<void>((resolve) => {
      came = () => (counts.receive === asked ? resolve() : undefined);
      came();
    });
  }
  const count = asked - counts.ignore;
  return { server, count, took: performance.now() - began, ignored: events.all[0] };
}

describe('an answer that is longer than its request', () => {
  test.each([
    ['daytime', '', 26],
    ['seconds', '', 4],
    ['time', '%c%c%c', 66],
  ])('of %s costs the address, until it has had its bytes', async (name, says, longer) => {
    using client = await udpClient();
    const { server, count, took, ignored } = await answersOf({ name, says, clients: [client] });
    await using _ = server;
    expect(count * longer).toBeLessThanOrEqual(8192 + 2.048 * took);
    expect(count).toBeGreaterThan(8192 / longer - 1);
    expect(ignored).toMatchObject({
      transport: 'udp',
      bytes: says.length,
      reason: 'the answer is longer than the request, and an address gets 2048 such bytes a second at most',
    });
    // A request as long as its answer is answered, however much the address has had.
    using other = await udpClient();
    const long = await other.ask('x'.repeat(26), server.port(name));
    expect(long.data.length).toBeLessThanOrEqual(26);
  });

  test('costs all addresses together, so that many false sources get no more', async () => {
    using stack = new DisposableStack();
    const clients: UdpClient[] = [];
    for (let host = 1; host <= 10; host += 1) {
      clients.push(stack.use(await udpClient({ address: `127.0.9.${host}` })));
    }
    const { server, count, took } = await answersOf({ name: 'daytime', says: '', clients });
    await using _ = server;
    expect(count * 26).toBeLessThanOrEqual(65_536 + 32.768 * took);
    expect(count).toBeGreaterThan(65_536 / 26 - 1);
  });
});

describe('NTP for who asks too often', () => {
  test('is a kiss-o’-death with the code RATE, once a second, and else no answer', async () => {
    await using server = await started();
    using client = await udpClient();
    const port = server.port('ntp');
    const reason = 'this address asks more than 16 times a second';
    for (let i = 0; i < 200; i += 1) client.send(request(), port);
    const { peer } = await server.events.seen({ event: 'refuse', reason });
    expect(peer).toEqual({ address: '127.0.0.1', port: client.port });
    await server.events.seen({ event: 'ignore', reason });
    let last = await client.next();
    let answers = 0;
    for (; last.data[1] !== 0; last = await client.next()) answers += 1;
    expect(answers).toBeGreaterThanOrEqual(64);
    // Leap 3 (not set), version 4, mode 4 (server), stratum 0, and what was asked.
    expect(last.data.length).toBe(48);
    expect([last.data[0], last.data[1]]).toEqual([0b11_100_100, 0]);
    expect(last.data.toString('latin1', 12, 16)).toBe('RATE');
    expect(last.data.subarray(24, 32)).toEqual(request().subarray(40));
    // An address is counted by itself.
    using other = await udpClient({ address: '127.0.0.2' });
    expect((await other.ask(request(), port, '127.0.0.1')).data[1]).toBe(2);
  });

  test('is an answer each time where NTP_RATE is 0', async () => {
    await using server = await started({ ntpRate: 0 });
    using client = await udpClient();
    for (let i = 0; i < 500; i += 1) {
      expect((await client.ask(request(), server.port('ntp'))).data[1]).toBe(2);
    }
  });
});

describe('a budget', () => {
  test('gives what is saved at once, then its rate, and to one address what another has not used', () => {
    const real = performance.now;
    let now = 0;
    performance.now = () => now;
    try {
      const budget = new Budget({ rate: 10, saved: 20 });
      const taken = (address: string) => {
        let count = 0;
        while (budget.take(address, 1)) count += 1;
        return count;
      };
      expect([taken('a'), taken('a'), taken('b')]).toEqual([20, 0, 20]);
      now = 500;
      expect([taken('a'), budget.take('b', 6), budget.take('b', 5)]).toEqual([5, false, true]);
      now = 100_000;
      expect(taken('a')).toBe(20);
    } finally {
      performance.now = real;
    }
  });
});

/** The programs tcp-echo, udp-echo and time under attack, in small; the whole is in test/soak. */
import { describe, expect, test } from 'vitest';
import { describeNeeding } from '../needs.ts';
import { ATTACKED, answering, hostileMessages } from './answering-attacks.ts';
import { udpClient } from './clients.ts';
import { crowd } from './crowd.ts';
import { noSpoofing, spoof } from './spoof.ts';

describe.each(ATTACKED)('%s under attack', (name) => {
  test('hostile messages end nothing, and it gives right answers', async () => {
    await using target = await answering(name);
    await hostileMessages(target, 1000);
    await target.serves();
    expect(target.program.process.exitCode).toBe(null);
    expect(target.program.events.matching({ event: 'error' })).toEqual([]);
  });
});

describe.each(['tcp-echo', 'time'] as const)('%s under attack over TCP', (name) => {
  test('idle clients, slow senders and deaf readers keep nobody out', async () => {
    await using target = await answering(name);
    const ports = target.doors.filter(({ transport }) => transport === 'tcp').map(({ port }) => port);
    {
      await using all = new AsyncDisposableStack();
      for (const port of ports) {
        all.use(await crowd(port, 100));
        all.use(await crowd(port, 100, 'slow'));
        // More than the buffers of both kernels take.
        all.use(await crowd(port, 5, 'x'.repeat(20_000_000), true));
        await target.serves();
      }
    }
    await target.serves();
  });

  test('a flood of connections is bounded, and it recovers even where no descriptor is left', async () => {
    await using target = await answering(name, { LIMIT: '100' });
    const doors = target.doors.filter(({ transport }) => transport === 'tcp');
    {
      // A client of time that reads sees the end of the connection at once, and ends its side.
      const deaf = name === 'time';
      await using _first = await crowd(doors[0]!.port, 70, '', deaf);
      const reason = 'too many connections: 60 are open, and no more may be';
      await target.program.events.seen({ event: 'refuse', reason });
      await using second = await crowd(doors[1]!.port, 60, '', deaf);
      const closed = second.sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      if (!deaf) await Promise.race(closed);
    }
    await target.serves();
    expect(target.program.process.exitCode).toBe(null);
  });
});

describeNeeding('netns', noSpoofing(), 'time and false sources', () => {
  test('an address in whose name much is asked is sent no more than was asked, and its allowance', async () => {
    await using target = await answering('time', { NTP_RATE: '16' });
    using victim = await udpClient({ address: '127.0.0.77' });
    const from = { address: '127.0.0.77', port: victim.port };
    const began = performance.now();
    let asked = 0;
    for (const { transport, service, port, good } of target.doors) {
      if (transport === 'tcp') continue;
      const data =
        service === 'time' ? Buffer.from('%c%c') : service === 'ntp' ? Buffer.from(good) : Buffer.alloc(0);
      for (let batch = 0; batch < 3; batch += 1) {
        spoof(Array.from({ length: 100 }, () => ({ from, to: { address: '127.0.0.1', port }, data })));
        asked += 100 * data.length;
      }
    }
    await target.serves();
    const bytes = victim.waiting.reduce((sum, { data }) => sum + data.length, 0);
    expect(bytes).toBeGreaterThan(8000);
    expect(bytes).toBeLessThanOrEqual(asked + 8192 + 2.048 * (performance.now() - began));
    const kisses = target.program.events.matching({ event: 'refuse' });
    expect(kisses.length).toBeGreaterThan(0);
  });
});

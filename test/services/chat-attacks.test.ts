/** The program chat under attack, in small: crowds, slow and deaf clients, hostile lines, false sources. The whole is in test/soak. */
import { describe, expect, test } from 'vitest';
import { ONE } from '../../services/chat/udp/allowance.ts';
import { describeNeeding } from '../needs.ts';
import { chatTarget, hostileLines } from './chat-attacks.ts';
import { udpClient } from './clients.ts';
import { crowd } from './crowd.ts';
import { noSpoofing, spoof } from './spoof.ts';

describe('chat under attack', () => {
  test('idle clients, slow senders and deaf readers keep nobody out', async () => {
    await using chat = await chatTarget();
    {
      await using _idle = await crowd(chat.irc, 100);
      await using _slow = await crowd(chat.irc, 100, 'NICK slow\r\nUSE');
      await using _deaf = await crowd(chat.irc, 1, 'NICK deaf\r\nUSER d 0 * :D\r\nJOIN #lan\r\n', true);
      for (let i = 0; i < 20; i += 1) await chat.serves();
    }
    await chat.serves();
  });

  test('a flood of connections is bounded, the newest is refused with the reason, and it recovers', async () => {
    await using chat = await chatTarget({ LIMIT: '100' });
    {
      await using many = await crowd(chat.irc, 70);
      const reason = 'too many connections: 60 are open, and no more may be';
      await chat.program.events.seen({ event: 'refuse', reason });
      // The good person over IRC is the sixtieth.
      const gone = many.sockets
        .slice(59)
        .map((socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve)));
      await Promise.all(gone);
      await chat.serves();
    }
    using carol = await chat.client('carol', '#lan');
    carol.says('PRIVMSG #lan :served');
    await chat.serves();
  });

  test('without a descriptor left newcomers are closed at once, and it recovers', async () => {
    // Node has some twenty of its own, so they run out before the limit of connections is reached.
    await using chat = await chatTarget({ LIMIT: '40' });
    {
      await using many = await crowd(chat.irc, 22);
      await Promise.race(
        many.sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      );
      expect(chat.program.events.matching({ event: 'refuse' })).toEqual([]);
      await chat.serves();
    }
    using carol = await chat.client('carol', '#lan');
    carol.says('PRIVMSG #lan :served');
    await chat.serves();
  });

  test('hostile lines end nothing', async () => {
    await using chat = await chatTarget({ IRC_RATE: '100000' });
    await hostileLines(chat, 1000);
    await chat.serves();
    expect(chat.program.process.exitCode).toBe(null);
  });
});

describeNeeding('netns', noSpoofing(), 'chat and false sources', () => {
  test('an address that never asked is sent no more than was sent in its name, and its allowance', async () => {
    await using chat = await chatTarget();
    using victim = await udpClient({ address: '127.0.0.77' });
    const from = { address: '127.0.0.77', port: victim.port };
    const to = { address: '127.0.0.1', port: chat.udp };
    const login = Buffer.from('/login victim');
    spoof([{ from, to, data: login }]);
    await victim.next();
    using alice = await chat.client('alice', '#lan');
    // Much is said in the room, over IRC: the fan-out is bounded, too.
    for (let i = 0; i < 90; i += 1) alice.says(`PRIVMSG #lan :${'x'.repeat(400)}`);
    const fake = Array.from({ length: 100 }, () => ({ from, to, data: Buffer.from('/who') }));
    spoof(fake);
    await chat.serves();
    await chat.serves();
    const bytes = victim.waiting.reduce((sum, { data }) => sum + data.length, 0);
    expect(chat.program.events.matching({ event: 'omit' }).length).toBeGreaterThan(10);
    // Answers to its own datagrams are of 128 bytes at least.
    expect(bytes).toBeLessThan(ONE.saved + 5 * ONE.rate + 100 * 140);
  });
});

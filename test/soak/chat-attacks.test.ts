/** The program chat under attack, whole: ten thousand connections, many who do not read, a million hostile lines a port. */
import { describe, expect, test, vi } from 'vitest';
import { connectionLimit } from '../../services/connection-limit.ts';
import { type ChatTarget, chatTarget, hostileLines } from '../services/chat-attacks.ts';
import { crowd } from '../services/crowd.ts';
import { servedDuring } from '../services/served-during.ts';

const CROWD = Math.min(10_000, connectionLimit() - 100);
const HOSTILE = 1_000_000;
const MEBIBYTE = 1 << 20;

/** Those who do not read, each with a name of its own, while much is said in their room. */
async function deaf(chat: ChatTarget, count: number): Promise<void> {
  await using many = await crowd(chat.irc, count, '', true);
  for (const [i, socket] of many.sockets.entries()) {
    socket.write(`NICK deaf${i}\r\nUSER d 0 * :D\r\nJOIN #den\r\n`);
  }
  using loud = await chat.client('loud', '#den');
  const dropped = () => chat.program.events.matching({ event: 'logout', reason: 'slow' }).length;
  const before = dropped();
  for (let round = 0; dropped() - before < count; round += 1) {
    loud.says(...Array.from({ length: 50 }, () => `PRIVMSG #den :${'x'.repeat(400)}`), `PING :${round}`);
    await loud.sees(new RegExp(` PONG .*:${round}$`));
  }
}

const ATTACKS: [name: string, attack: (chat: ChatTarget) => Promise<void>][] = [
  ['idle', (chat) => held(chat, '')],
  ['slow to send', (chat) => held(chat, 'NICK slow\r\nUSER sl')],
  ['deaf', (chat) => deaf(chat, 50)],
];

async function held(chat: ChatTarget, text: string): Promise<void> {
  await using _ = await crowd(chat.irc, CROWD, text);
  for (let i = 0; i < 20; i += 1) {
    using late = await chat.client('late', '#den');
    late.says('QUIT');
    await late.ended;
  }
}

describe('chat under attack, whole,', () => {
  test.each(ATTACKS)(
    'serves others beside clients that are %s, and has its memory back',
    async (_, attack) => {
      await using chat = await chatTarget({ EVENTS: 'connections', IRC_RATE: '100000' });
      // The first time Node takes memory for what it keeps.
      await attack(chat);
      const before = await chat.memory();
      await servedDuring(chat, attack(chat));
      const back = async () => expect((await chat.memory()) - before).toBeLessThan(10 * MEBIBYTE);
      await vi.waitFor(back, { timeout: 60_000, interval: 1000 });
    },
    600_000,
  );

  test('a million hostile lines a port keep nobody out, and it has its memory back', async () => {
    await using chat = await chatTarget({ EVENTS: 'off', IRC_RATE: '100000' });
    await hostileLines(chat, 20_000);
    const before = await chat.memory();
    await servedDuring(chat, hostileLines(chat, HOSTILE));
    const back = async () => expect((await chat.memory()) - before).toBeLessThan(10 * MEBIBYTE);
    await vi.waitFor(back, { timeout: 60_000, interval: 1000 });
  }, 3_600_000);
});

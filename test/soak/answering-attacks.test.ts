/** The programs tcp-echo, udp-echo and time under attack, whole: ten thousand connections, and a million hostile messages a port. */
import { describe, expect, test, vi } from 'vitest';
import { connectionLimit } from '../../services/connection-limit.ts';
import { type AnsweringTarget, ATTACKED, answering, hostileMessages } from '../services/answering-attacks.ts';
import { crowd } from '../services/crowd.ts';
import { servedDuring } from '../services/served-during.ts';

const CROWD = Math.min(10_000, connectionLimit() - 100);
const HOSTILE = 1_000_000;
const MEBIBYTE = 1 << 20;

/** Attacks twice: the first time Node takes memory for what it keeps. */
async function withstands(target: AnsweringTarget, attack: (last: boolean) => Promise<void>): Promise<void> {
  await servedDuring(target, attack(false));
  const before = await target.memory();
  await servedDuring(target, attack(true));
  const back = async () => expect((await target.memory()) - before).toBeLessThan(10 * MEBIBYTE);
  await vi.waitFor(back, { timeout: 60_000, interval: 1000 });
}

const KINDS: [kind: string, count: number, text: string, deaf: boolean][] = [
  ['idle', CROWD, '', false],
  ['slow to send', CROWD, 'slow', false],
  ['deaf', 200, 'x'.repeat(10_000_000), true],
];

describe.each(['tcp-echo', 'time'] as const)('%s under attack over TCP, whole,', (name) => {
  test.each(KINDS)(
    'serves others beside clients that are %s, and has its memory back',
    async (_, count, text, deaf) => {
      await using target = await answering(name, { EVENTS: 'connections' });
      const { port } = target.doors.find(({ transport }) => transport === 'tcp')!;
      await withstands(target, async () => {
        await using _crowd = await crowd(port, count, text, deaf);
        for (let i = 0; i < 10; i += 1) await target.serves();
      });
    },
    300_000,
  );
});

describe.each(ATTACKED)('%s under attack, whole,', (name) => {
  test('a million hostile messages a port keep nobody out, and it has its memory back', async () => {
    await using target = await answering(name, { EVENTS: 'off' });
    await withstands(target, (last) => hostileMessages(target, last ? HOSTILE : 20_000));
  }, 3_600_000);
});

/** An answer that would leave from an address that the host has no more: it is an error of one datagram, and no end of a program. */
import { afterEach, expect, test } from 'vitest';
import { describeNeeding } from '../needs.ts';
import { namespace, noNamespace, type Worker } from './namespace.ts';

const PORT = 9100;
const [ALICE, BOB] = ['fe80::21%d0', '::1'];

describeNeeding('netns', noNamespace, 'somebody who spoke to an address that is gone', () => {
  let host: Worker;
  afterEach(() => host.process.disconnect());
  const ip = (...args: string[]) => host.do({ do: 'run', command: ['ip', ...args] });
  const ask = (from: string, text: string) =>
    host.do({ do: 'ask', from, fromPort: PORT + 1, to: from, port: PORT, text });

  test('gets no more lines, the event says why, and the others are served', async () => {
    host = await namespace();
    await ip('link', 'set', 'lo', 'up');
    await ip('link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1');
    await ip('link', 'set', 'd1', 'up');
    await ip('addr', 'add', 'fe80::21/64', 'dev', 'd0', 'nodad');
    await ip('link', 'set', 'd0', 'up');
    await host.do({ do: 'chat', port: PORT });
    expect(await ask(ALICE, '/login alice')).toMatchObject({
      text: expect.stringContaining('welcome alice'),
    });
    expect(await ask(BOB, '/login bob')).toMatchObject({ text: expect.stringContaining('welcome bob') });
    await ip('link', 'del', 'd0');
    await host.events.seen({ event: 'unlisten', local: { address: ALICE, port: PORT } });
    await host.do({ do: 'send', from: BOB, fromPort: PORT + 1, to: BOB, port: PORT, text: 'are you there?' });
    await host.events.seen({
      event: 'error',
      peer: { address: ALICE, port: PORT + 1 },
      code: 'EADDRNOTAVAIL',
    });
    expect(await ask(BOB, '/who')).toMatchObject({ text: expect.stringContaining('alice') });
  });
});

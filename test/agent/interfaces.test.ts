/** The host's addresses while the kernel does not say that its card is running: here the other end of its cable is down. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeNeeding } from '../needs.ts';
import { agentOf, LONG, start, text } from './setting.ts';

const ALONE = ['unshare', '--user', '--map-root-user', '--net', '--mount'];
const CARDS = [
  'ip link set lo up',
  'ip link add eth0 type veth peer name far',
  'ip address add 10.93.1.9/25 broadcast + dev eth0',
  'ip address add 10.93.1.200/26 broadcast + dev eth0',
  'ip address add fd00:93:1::9/64 dev eth0 nodad',
  'ip link set eth0 up',
].join(' && ');

const made = spawnSync(ALONE[0]!, [...ALONE.slice(1), 'sh', '-c', CARDS], { encoding: 'utf8' });
const lacking = made.status === 0 ? undefined : `no namespace of one's own: ${made.stderr || made.error}`;

describeNeeding('netns', lacking, 'a card that is up and not known to be running', () => {
  test('a listener of every address hears on its addresses, and on their broadcasts', async () => {
    const { agent } = agentOf(start(ALONE));
    const { exit, stderr } = await agent.exec({ argv: ['sh', '-c', CARDS], giveUp: LONG });
    expect([exit, text(stderr)]).toEqual([0, '']);
    const { local } = await agent.udpOpen({ bind: { port: 9300 } });
    expect(local).toEqual({ address: '10.93.1.9', port: 9300 });
    const heard = await agent.exec({ argv: ['ss', '-Hlun'], giveUp: LONG });
    expect([...text(heard.stdout).matchAll(/(\S+):9300/g)].map(([, address]) => address).sort()).toEqual([
      '10.93.1.127',
      '10.93.1.200',
      '10.93.1.255',
      '10.93.1.9',
      '127.0.0.1',
      '255.255.255.255',
      '[::1]',
      '[fd00:93:1::9]',
    ]);
  });
});

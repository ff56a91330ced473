/** Captures of an agent in a namespace of its own, where one single user id is mapped. */
import { describe, expect, test } from 'vitest';
import { MARK } from '../../lab/agent/protocol.ts';
import { decode } from '../../lab/wire/decode.ts';
import { captureReader } from '../../lab/wire/files/capture-file.ts';
import { agentOf, start } from './setting.ts';

const NAMESPACE = [
  'unshare',
  '--user',
  '--map-root-user',
  '--net',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
];

/** Two cards, one at each end of a cable. */
const CABLE = `
ip link set lo up
ip link add here type veth peer name there
ip address add 10.9.0.1/24 dev here
ip link set here up
ip link set there up`;

async function cabled() {
  const { agent } = agentOf(start(NAMESPACE));
  await agent.exec({
    argv: ['sh', '-c', `echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ${CABLE}`],
    giveUp: 10_000,
  });
  const run = async (script: string) =>
    Buffer.from((await agent.exec({ argv: ['sh', '-c', script], giveUp: 10_000 })).stdout).toString();
  return { agent, run };
}

describe('a capture where no process can become another user', () => {
  test('is taken all the same, whole, with what was sent', async () => {
    const { agent, run } = await cabled();
    expect((await run('cat /proc/self/setgroups')).trim()).toBe('deny');
    const { handle } = await agent.captureStart({ card: 'there', mtu: 1500 });
    for (let count = 0; count < 20; count++) await agent.mark({ text: `mark ${count}` });
    const { captured, received, dropped } = await agent.captureStop({ handle });
    expect(dropped).toBe(0);
    expect(captured).toBe(received);
    const reader = captureReader();
    const frames = [];
    for (let end = false; !end; ) {
      const next = await agent.captureRead({ handle, giveUp: 10_000 });
      frames.push(...reader.push(next.bytes).map(({ bytes }) => decode(bytes)));
      ({ end } = next);
    }
    const marks = frames.filter(({ ipv4 }) => ipv4?.destination === MARK.address);
    expect(marks).toHaveLength(20);
    expect(frames).toHaveLength(captured);
  });

  test('is of those frames that pass its filter', async () => {
    const { agent } = await cabled();
    const { handle } = await agent.captureStart({ card: 'there', mtu: 1500, filter: 'udp port 10' });
    await agent.mark({ text: 'to port 9' });
    expect(await agent.captureDrain({ handle })).toEqual({ captured: 0, received: 0, dropped: 0 });
  });
});

describe('a capture that cannot be', () => {
  test('says in tcpdump’s words what is wrong, with the filter and with the card', async () => {
    const { agent } = await cabled();
    await expect(agent.captureStart({ card: 'there', mtu: 1500, filter: 'tcp prot 9' })).rejects.toThrow(
      /syntax error/,
    );
    await expect(agent.captureStart({ card: 'nowhere', mtu: 1500 })).rejects.toThrow(
      /nowhere: No such device/,
    );
  });
});

describe('offload', () => {
  test('is off as long as anybody wants it so, on every card that is up, and then as it was', async () => {
    const { agent, run } = await cabled();
    const state = () => run('ethtool -k here | grep -c ": on"');
    const before = await state();
    const one = await agent.offloadOff();
    const other = await agent.offloadOff();
    const during = await state();
    expect(Number(during)).toBeLessThan(Number(before));
    await agent.close(one);
    expect(await state()).toBe(during);
    await agent.close(other);
    expect(await state()).toBe(before);
  });
});

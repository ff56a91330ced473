/** Calls and errors over one byte stream: what arrives at the other end, and what is told when the stream ends. */
import { Duplex, duplexPair } from 'node:stream';
import { expect, test } from 'vitest';
import { openChannel } from '../../lab/agent/channel.ts';
import { encodeFrame } from '../../lab/agent/framing.ts';
import { NetworkFailure, Overloaded } from '../../lab/agent/protocol.ts';
import { failureOf } from './setting.ts';

const calls = {
  echo: async (value: unknown) => value,
  refuse: async () => {
    throw new NetworkFailure({
      kind: 'refused',
      errno: 'ECONNREFUSED',
      syscall: 'connect',
      message: 'no',
      after: 3,
    });
  },
  fail: async () => {
    throw new TypeError('a bug');
  },
  late: async () => {
    throw new Overloaded('`ip` has not answered for 60 s');
  },
  unsendable: async () => () => {},
  never: () => new Promise<void>(() => {}),
};
type Calls = typeof calls;
const nothing = {};

function pair() {
  const [here, there] = duplexPair();
  openChannel(there, calls);
  return {
    here,
    there,
    remote: openChannel<Calls, object>(here, nothing, () => new Error('the agent has gone')),
  };
}

test('values arrive as they were sent: bytes, numbers, what is undefined', async () => {
  const { remote } = pair();
  const value = { bytes: Buffer.from([0, 255]), number: -0.5, list: [undefined, null], text: '\u{1f600}' };
  expect(await remote.echo(value)).toEqual(value);
});

test('calls do not wait for one another', async () => {
  const { remote } = pair();
  remote.never().catch(() => {});
  expect(await remote.echo(1)).toBe(1);
});

test('a machine that has too much to do is told as that, and is no bug and no answer of the network', async () => {
  const { remote } = pair();
  await expect(remote.late()).rejects.toBeInstanceOf(Overloaded);
  await expect(remote.late()).rejects.toThrow('`ip` has not answered for 60 s');
});

test('an error from the other side has the place of who called it', async () => {
  const { remote } = pair();
  const callsFromHere = async () => await remote.refuse();
  const error = await callsFromHere().catch((error: unknown) => error);
  expect((error as Error).stack).toMatch(/^NetworkFailure: no\n.*callsFromHere.*channel\.test\.ts/s);
});

test('a NetworkFailure keeps its facts, a bug its words and where it was', async () => {
  const { remote } = pair();
  expect(await failureOf(remote.refuse())).toEqual({
    kind: 'refused',
    errno: 'ECONNREFUSED',
    syscall: 'connect',
    message: 'no',
    after: 3,
  });
  const bug = await remote.fail().catch((error: unknown) => error);
  expect(bug).toMatchObject({ message: 'a bug', agentStack: expect.stringContaining('channel.test.ts') });
});

test('a result that cannot be sent is an error of its call, and the next call goes on', async () => {
  const { remote } = pair();
  await expect(remote.unsendable()).rejects.toThrow(/could not be cloned/);
  expect(await remote.echo(1)).toBe(1);
});

test('when the stream ends, calls that wait and calls that follow are told why', async () => {
  const { remote, there } = pair();
  const waiting = remote.never();
  there.end();
  await expect(waiting).rejects.toThrow('the agent has gone');
  await expect(remote.echo(1)).rejects.toThrow('the agent has gone');
});

test('calls that wait for room are told as well when the stream ends', async () => {
  let finish = () => {};
  const stuck = new Duplex({ highWaterMark: 10, read() {}, write() {} });
  finish = () => void stuck.push(null);
  const remote = openChannel<Calls, object>(stuck, nothing, () => new Error('the agent has gone'));
  const waiting = [1, 2, 3].map((value) => remote.echo(value));
  await new Promise(setImmediate);
  finish();
  for (const call of waiting) await expect(call).rejects.toThrow('the agent has gone');
});

test('bytes that are no message end the channel, not the program', async () => {
  for (const junk of [Buffer.from('HTTP/1.1 400'), encodeFrame(Buffer.from('junk'))]) {
    const { remote, here, there } = pair();
    const waiting = remote.never();
    there.write(junk);
    await expect(waiting).rejects.toThrow('the agent has gone');
    expect(here.destroyed).toBe(true);
  }
});

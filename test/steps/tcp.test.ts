/** The step tcp on real sockets. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loopback, loopback, summary } from './loopback.ts';

let lab: Loopback;
beforeAll(async () => {
  lab = await loopback();
});
afterAll(() => lab[Symbol.asyncDispose]());

describe('tcp', () => {
  test('what comes back is compared exactly, and the server saw this very socket', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', from: 'alice:40001', send: 'hello' },
      expect: {
        receive: 'HELLO',
        seen: [
          { by: 'echo', peer_port: 40001 },
          { by: 'echo', text: 'hello' },
        ],
      },
    });
    const from = `${lab.address('alice')}:40001 > ${lab.address('echo')}:9000`;
    expect(summary(result)).toBe(
      `held\nreceived "HELLO"\nseen by echo: accept ${from}\nseen by echo: receive ${from} "hello"`,
    );
    expect(result.did).toBe(`tcp ${from}, sent "hello"`);
  });

  test('other bytes than expected fail, with both and the first difference', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', send: 'hello' },
      expect: { receive: 'HELlO' },
    });
    expect(result.status).toBe('failed');
    expect(result.checks).toMatchObject([
      {
        what: 'received "HELlO"',
        held: false,
        expected: '"HELlO"',
        found: '"HELLO"',
        why: "first difference at byte 3: expected 0x6c 'l', found 0x4c 'L'",
      },
    ]);
  });

  test('bytes beyond the expected ones fail', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', send: 'hello' },
      expect: { receive: 'HELL', for: 100 },
    });
    expect(result.checks[0]).toMatchObject({ held: false, why: 'more came than expected: "O"' });
  });

  test('too few bytes fail when the time is over', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', send: 'hello' },
      expect: { receive: 'HELLO!', within: 200 },
    });
    expect(result.checks[0]).toMatchObject({ held: false, found: '"HELLO"' });
    expect(result.checks[0]?.why).toContain('no more in 200 ms');
  });

  test('what the server still has to say after our FIN is received, then its FIN', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9007' },
      do: [
        { send: 'abc' },
        { send: 'def' },
        { receive: 'abcd' },
        { shutdown: 'write' },
        { receive: 'ef' },
        { receive: { end: true } },
      ],
      expect: { seen: { by: 'echo', event: 'end' } },
    });
    expect(result.status, summary(result)).toBe('held');
    expect(result.checks.map(({ what }) => what).slice(0, 3)).toEqual([
      'received "abcd"',
      'received "ef"',
      'received the end',
    ]);
  });

  test('a reading that fails ends the step: what follows rests on it', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', send: 'hi' },
      do: [{ receive: 'hi' }, { receive: { end: true } }],
      expect: { receive: 'HI' },
    });
    expect(result.status).toBe('failed');
    expect(result.checks).toHaveLength(1);
  });

  test('a connection stays open under its name, for its own host', async () => {
    await lab.run({ at: 'bob', tcp: { to: 'echo:9000', as: 'talk' } });
    const later = await lab.run({
      at: 'bob',
      tcp: { use: 'talk', send: 'again' },
      expect: { receive: 'AGAIN', seen: 'echo' },
    });
    expect(summary(later)).toContain('seen by echo: receive');
    const elsewhere = await lab.run({ at: 'carol', tcp: { use: 'talk', send: 'mine' } });
    expect(elsewhere.checks[0]).toMatchObject({ held: false, found: 'talk is not open at carol' });
  });

  test('a connection without a name is closed when its step is over', async () => {
    const result = await lab.run({
      at: 'carol',
      tcp: { to: 'echo:9000' },
      expect: { fields: { local_port: '> 0' } },
    });
    expect(result.status).toBe('held');
    const port = Number(/(\d+) >/.exec(result.did)?.[1]);
    const closed = await lab.hosts
      .get('echo')!
      .events.first((event) => event.event === 'close' && event.peer?.port === port, 5000);
    expect(closed).toMatchObject({ by: 'peer' });
  });

  test('a refused port is the error of the kernel', async () => {
    const result = await lab.run({ at: 'bob', tcp: { to: 'echo:9999' }, expect: { fails: 'refused' } });
    expect(summary(result)).toMatch(/^held\nrefused: ECONNREFUSED from connect after [\d.]+ ms$/);
  });

  test('another failure than the expected one, or none, is what was found', async () => {
    const other = await lab.run({ at: 'bob', tcp: { to: 'echo:9999' }, expect: { fails: 'timeout' } });
    expect(other.checks[0]).toMatchObject({ held: false, expected: 'timeout' });
    expect(other.checks[0]?.found).toContain('refused: ECONNREFUSED');
    const none = await lab.run({ at: 'bob', tcp: { to: 'echo:9000' }, expect: { fails: 'timeout' } });
    expect(none.checks[0]?.found).toMatch(/^no failure: tcp /);
  });

  test('a failure that nothing expected fails the step, with the failure', async () => {
    const result = await lab.run({
      at: 'bob',
      tcp: { to: 'echo:9999', send: 'x' },
      expect: { receive: 'X' },
    });
    expect(result.checks).toHaveLength(1);
    expect(result.checks[0]).toMatchObject({ held: false, expected: 'no failure' });
    expect(result.checks[0]?.found).toContain('refused: ECONNREFUSED');
  });

  test('the same port twice is in use', async () => {
    await lab.run({ at: 'bob', listen: { tcp: 'bob:9300', as: 'first' } });
    const second = await lab.run({ at: 'bob', listen: { tcp: 'bob:9300' }, expect: { fails: 'in-use' } });
    expect(second.status, summary(second)).toBe('held');
  });

  test('a connection that a listener accepted is talked on from both ends', async () => {
    await lab.run({ at: 'bob', listen: { tcp: 'bob:9301', as: 'door' } });
    const client = await lab.run({
      at: 'alice',
      tcp: { to: 'bob:9301', send: 'ping', as: 'client' },
      expect: { seen: [{ by: 'bob' }, { by: 'bob', text: 'ping' }] },
    });
    expect(client.status, summary(client)).toBe('held');
    const server = await lab.run({
      at: 'bob',
      tcp: { accept: 'door', as: 'served' },
      do: [{ receive: 'ping' }, { send: 'pong' }],
    });
    expect(server.status, summary(server)).toBe('held');
    const reset = await lab.run({ at: 'bob', tcp: { use: 'served' }, do: [{ reset: true }] });
    expect(reset.did).toContain('reset');
    const after = await lab.run({ at: 'alice', tcp: { use: 'client' }, expect: { fails: 'reset' } });
    expect(summary(after)).toMatch(/^held\nreset: ECONNRESET from read/);
  });

  test('silence is silence for a time, and a FIN breaks it', async () => {
    await lab.run({ at: 'bob', listen: { tcp: 'bob:9302', as: 'quiet' } });
    await lab.run({ at: 'alice', tcp: { to: 'bob:9302', as: 'waiting' } });
    const still = { at: 'alice', tcp: { use: 'waiting' }, expect: { receive: { nothing: true }, for: 100 } };
    expect(summary(await lab.run(still))).toBe('held\nreceived nothing for 100 ms');
    await lab.run({ at: 'bob', tcp: { accept: 'quiet' } });
    expect((await lab.run(still)).checks[0]).toMatchObject({ held: false, found: "the peer's FIN" });
  });

  test('an end that does not come, and one that is not yet, are told apart', async () => {
    const open = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', send: 'hi' },
      expect: { receive: { text: 'HI', end: true }, within: 100 },
    });
    expect(open.checks[0]).toMatchObject({ held: false, found: '"HI", then no FIN' });
    const more = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', send: 'hi you' },
      do: [{ shutdown: 'write' }, { receive: 'HI' }, { receive: { end: true } }],
    });
    expect(more.checks[1]).toMatchObject({ held: false, found: '" YOU"', why: 'more came before the end' });
  });

  test('nothing holds for a second where no time is said', async () => {
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000' },
      expect: { receive: { nothing: true } },
    });
    expect(result.checks).toMatchObject([{ held: true, what: 'received nothing for 1 s' }]);
  });

  test('megabytes come back whole', async () => {
    const content = { random: '3MB', seed: 'tcp' };
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9007', send: content },
      expect: { receive: content },
    });
    expect(result.status, summary(result)).toBe('held');
  });

  test('two clients of one host are told apart by their ports', async () => {
    await lab.run({ at: 'carol', tcp: { to: 'echo:9000', as: 'one' } });
    const second = await lab.run({
      at: 'carol',
      tcp: { to: 'echo:9000', as: 'two' },
      expect: { seen: { by: 'echo', apart_from: 'one' } },
    });
    expect(second.checks).toHaveLength(2);
    expect(second.status, summary(second)).toBe('held');
    const same = await lab.run({
      at: 'carol',
      tcp: { use: 'two', send: 'x' },
      expect: { seen: { by: 'echo', apart_from: 'two' } },
    });
    expect(same.checks[1]).toMatchObject({ held: false, expected: 'two ports' });
  });

  test('a socket that the server never saw is not seen, and the nearest events are shown', async () => {
    await lab.run({ at: 'alice', tcp: { to: 'echo:9000', from: 'alice:40009' } });
    const result = await lab.run({
      at: 'alice',
      tcp: { to: 'echo:9000', from: 'alice:40010' },
      expect: { seen: { by: 'echo', peer_port: 40009 }, within: 100 },
    });
    expect(result.checks[0]).toMatchObject({ held: false });
    expect(result.checks[0]?.expected).toBe(
      `accept from ${lab.address('alice')}:40009 at ${lab.address('echo')}:9000`,
    );
    expect(result.checks[0]?.found).toContain(`no such event; nearest: accept ${lab.address('alice')}:40010`);
  });
});

describe('a peer that never stops sending', () => {
  /** Sends so many MiB, and then a RST; its port. */
  async function flood(mebi: number): Promise<AsyncDisposable & { port: number }> {
    const pieces = Array(mebi).fill(Buffer.alloc(1024 * 1024, 'x')) as Buffer[];
    const send = async (socket: Socket) => {
      await pipeline(Readable.from(pieces), socket, { end: false });
      socket.resetAndDestroy();
    };
    // Whoever has seen enough goes.
    const server = createServer((socket) => void send(socket).catch(() => {}));
    server.listen(0, lab.address('bob'));
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')),
    };
  }

  test('fills no memory: after 64 MiB that are not what is waited for the step ends, and says so', async () => {
    await using peer = await flood(10_000);
    const result = await lab.run({
      at: 'alice',
      tcp: { to: `${lab.address('bob')}:${peer.port}` },
      expect: { receive: { sha256: '0'.repeat(64), end: true }, within: 300_000 },
    });
    expect(result.checks).toMatchObject([
      { held: false, found: 'more than 64 MiB came, and the expected bytes were not complete' },
    ]);
  }, 300_000);

  test('is skimmed where only its failure is of interest', async () => {
    await using peer = await flood(100);
    const result = await lab.run({
      at: 'alice',
      tcp: { to: `${lab.address('bob')}:${peer.port}` },
      expect: { fails: 'reset', within: 300_000 },
    });
    expect(summary(result)).toMatch(/^held\nreset: ECONNRESET/);
  }, 300_000);
});

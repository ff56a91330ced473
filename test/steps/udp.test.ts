/** The step udp on real sockets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loopback, loopback, summary } from './loopback.ts';

let lab: Loopback;
beforeAll(async () => {
  lab = await loopback();
});
afterAll(() => lab[Symbol.asyncDispose]());

describe('udp', () => {
  test('a datagram comes back from where it was sent to, and the server saw the whole tuple', async () => {
    const result = await lab.run({
      at: 'alice',
      udp: { to: 'bounce:9000', from: 'alice:41001', send: 'hello' },
      expect: { receive: { text: 'HELLO', from: 'bounce:9000' }, seen: { by: 'bounce', text: 'hello' } },
    });
    const [alice, bounce] = [`${lab.address('alice')}:41001`, `${lab.address('bounce')}:9000`];
    expect(summary(result)).toBe(
      `held\nreceived "HELLO" from ${bounce}\nseen by bounce: receive ${alice} > ${bounce} "hello"`,
    );
  });

  test('borders are kept: two sends are two receives, an empty datagram is one', async () => {
    const result = await lab.run({
      at: 'alice',
      udp: { to: 'bounce:9007' },
      do: [
        { send: 'ab' },
        { send: '' },
        { send: 'cd' },
        { receive: 'ab' },
        { receive: '' },
        { receive: 'cd' },
      ],
      expect: { receive: { nothing: true }, for: 50, seen: { by: 'bounce', count: 3 } },
    });
    expect(result.status, summary(result)).toBe('held');
  });

  test('a datagram from somebody else is not the one', async () => {
    await lab.run({ at: 'bob', listen: { udp: 'bob:9400', as: 'box' } });
    await lab.run({ at: 'alice', udp: { to: 'bob:9400', send: 'hi' } });
    const result = await lab.run({
      at: 'bob',
      udp: { use: 'box' },
      expect: { receive: { text: 'hi', from: 'carol:9000' } },
    });
    expect(result.checks[0]).toMatchObject({ held: false });
    expect(result.checks[0]?.why).toContain(`not from ${lab.address('carol')}:9000`);
  });

  test('a listener answers whoever spoke last, without a connection', async () => {
    await lab.run({ at: 'bob', listen: { udp: 'bob:9401', as: 'post' } });
    await lab.run({
      at: 'alice',
      udp: { to: 'bob:9401', send: 'question', as: 'asking' },
      expect: { seen: 'bob' },
    });
    const server = await lab.run({
      at: 'bob',
      udp: { use: 'post' },
      do: [{ receive: 'question' }, { send: 'answer' }],
    });
    expect(server.status, summary(server)).toBe('held');
    expect(server.did).toContain('sent "answer" to 127.');
    const client = await lab.run({
      at: 'alice',
      udp: { use: 'asking' },
      expect: { receive: { text: 'answer', from: 'bob:9401' } },
    });
    expect(client.status, summary(client)).toBe('held');
  });

  test('`to` sends elsewhere once, and the answers go on to the last sender', async () => {
    await lab.run({ at: 'bob', listen: { udp: 'bob:9403', as: 'hub' } });
    await lab.run({ at: 'carol', listen: { udp: 'carol:9404', as: 'aside' } });
    await lab.run({ at: 'alice', udp: { to: 'bob:9403', send: 'one', as: 'ours' } });
    await lab.run({ at: 'bob', udp: { use: 'hub' }, do: [{ receive: 'one' }] });
    await lab.run({ at: 'bob', udp: { use: 'hub', to: 'carol:9404', send: 'psst' } });
    const aside = await lab.run({ at: 'carol', udp: { use: 'aside' }, expect: { receive: 'psst' } });
    expect(aside.status, summary(aside)).toBe('held');
    await lab.run({ at: 'bob', udp: { use: 'hub', send: 'two' } });
    const ours = await lab.run({ at: 'alice', udp: { use: 'ours' }, expect: { receive: 'two' } });
    expect(ours.status, summary(ours)).toBe('held');
  });

  test('a datagram breaks silence, and a second one the quiet after the first', async () => {
    const step = { at: 'alice', udp: { to: 'bounce:9000' }, do: [{ send: 'a' }, { send: 'b' }] };
    const silent = await lab.run({ ...step, expect: { receive: { nothing: true }, for: 100 } });
    expect(silent.checks[0]).toMatchObject({ held: false, why: 'a datagram came' });
    const quiet = await lab.run({ ...step, expect: { receive: 'A', for: 100 } });
    expect(quiet.checks[0]?.why).toMatch(/^another datagram came: "B" from /);
  });

  test('a reply to nobody says so', async () => {
    await lab.run({ at: 'bob', listen: { udp: 'bob:9402', as: 'mute' } });
    const result = await lab.run({ at: 'bob', udp: { use: 'mute', send: 'hello?' } });
    expect(result.checks[0]).toMatchObject({
      held: false,
      found: 'the receiver is missing: nobody has sent anything to this socket yet',
    });
  });

  test('a datagram to nobody is no error, except to a connected socket', async () => {
    const plain = await lab.run({ at: 'alice', udp: { to: 'bob:9499', send: 'x' } });
    expect(plain.status, summary(plain)).toBe('held');
    const connected = await lab.run({
      at: 'alice',
      udp: { to: 'bob:9499', connect: true, send: 'x' },
      expect: { fails: 'refused' },
    });
    expect(summary(connected)).toMatch(/^held\nrefused: ECONNREFUSED/);
  });

  test('more than 65,507 bytes are too large', async () => {
    const result = await lab.run({
      at: 'alice',
      udp: { to: 'bounce:9000', send: { repeat: 'a', times: 65_508 } },
      expect: { fails: 'too-large' },
    });
    expect(summary(result)).toMatch(/^held\ntoo-large: EMSGSIZE from send/);
  });

  test('too few and too many sightings fail', async () => {
    const twice = { at: 'alice', udp: { to: 'bounce:9000' }, do: [{ send: 'a' }, { send: 'a' }] };
    const three = await lab.run({ ...twice, expect: { seen: { by: 'bounce', count: 3 }, within: 100 } });
    expect(three.checks[0]?.found).toMatch(/^only 2; /);
    const one = await lab.run({ ...twice, expect: { seen: { by: 'bounce', count: 1 }, for: 100 } });
    expect(one.checks[0]?.found).toMatch(/^more: receive /);
  });

  test('a pattern that takes too long is a fact of its own, and the step ends', async () => {
    const result = await lab.run({
      at: 'alice',
      udp: { to: 'bounce:9007', send: 'a'.repeat(46) },
      expect: {
        receive: { matches: '^(a+)+$x' },
        fields: { local_address: '/^((\\d+)+.?)+$x/' },
        within: 10,
      },
    });
    expect(result.status, summary(result)).toBe('failed');
    expect(result.checks[0]).toMatchObject({
      what: 'receive',
      found: 'the pattern /^(a+)+$x/ was still being tried after 1 s, on 46 bytes',
      why: expect.stringMatching(/^write it so that a text can match in one way only/),
    });
  });

  describe('where events of a host are missing', () => {
    const asks = (seen: Record<string, unknown>) =>
      lab.run({
        at: 'alice',
        udp: { to: 'bounce:9000', send: 'hello' },
        expect: { receive: 'HELLO', seen: { by: 'bounce', ...seen }, within: 1000 },
      });
    const lose = () => {
      const time = new Date(Date.now() + 60_000).toISOString();
      lab.hosts.get('bounce')!.events.append({ time, event: 'dropped', count: 7 });
    };

    test('neither a number of them nor that there is none is judged; one that is there is seen', async () => {
      expect((await asks({ text: 'hello', count: 1 })).status).toBe('held');
      lose();
      expect((await asks({ text: 'hello' })).status).toBe('held');
      for (const unsure of [{ text: 'hello', count: 1 }, { text: 'other' }, { text: 'hello', count: 2 }]) {
        const result = await asks(unsure);
        expect(result.status, summary(result)).toBe('incomplete');
        expect(result.checks.at(-1)).toMatchObject({
          incomplete: true,
          why: expect.stringMatching(/^7 events of bounce are missing/),
        });
      }
    });
  });
});

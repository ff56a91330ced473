/** The matchers: what they hold, and what they say where it does not. */
import { expect, test } from 'vitest';
import { labFor, onEveryEngine } from './here.ts';
import 'lanlab/vitest';

/** What a failed expectation says. */
async function said(expectation: Promise<unknown>): Promise<string> {
  return expectation.then(
    () => 'it held',
    (error: Error) => error.message,
  );
}

await onEveryEngine('a matcher', (engine, subnet) => {
  const here = labFor(
    {
      lab: 'matchers',
      networks: { lan: subnet(5) },
      hosts: {
        echo: { service: 'tcp-echo', networks: ['lan'] },
        bounce: { service: 'udp-echo', networks: ['lan'] },
        alice: { networks: ['lan'] },
        bob: { networks: ['lan'] },
      },
    },
    { engine },
  );

  test('toHaveSeen holds for the conversation that the server’s own events show, and for its host', async () => {
    const echo = here.net.host('echo');
    await using talk = await here.net.host('alice').tcp('echo:9000');
    await talk.write('hello');
    await expect(echo).toHaveSeen(talk);
    await expect(echo).toHaveSeen(talk, { event: 'receive', text: 'hello' });
    await expect(echo).toHaveSeen(here.net.host('alice'));
    await expect(echo).not.toHaveSeen(here.net.host('bob'), { within: 100 });
  });

  test('toHaveSeen joins by the whole tuple: another port of the same client is not it', async () => {
    await using talk = await here.net.host('alice').tcp('echo:9000');
    const other = {
      ...talk,
      transport: 'tcp',
      local: { ...talk.local, port: 1 },
      remote: talk.remote,
    } as const;
    const message = await said(expect(here.net.host('echo')).toHaveSeen(other, { within: 100 }));
    expect(message).toContain(`expected: accept from ${talk.local.address}:1 at ${talk.remote.address}:9000`);
    expect(message).toContain(`nearest: accept ${talk.local.address}:${talk.local.port}`);
  });

  test('toHaveSeen with a text or a kind of event holds for no other, and names what came nearest', async () => {
    const echo = here.net.host('echo');
    await using talk = await here.net.host('alice').tcp('echo:9000');
    await talk.write('hello');
    await expect(talk).toReceive('HELLO');
    const text = await said(expect(echo).toHaveSeen(talk, { text: 'hullo', within: 100 }));
    expect(text).toContain('expected: receive "hullo" from');
    expect(text).toMatch(/nearest: receive [\d.]+:\d+ > [\d.]+:9000 "hello"/);
    expect(await said(expect(echo).toHaveSeen(talk, { event: 'reset', within: 100 }))).toContain(
      'expected: reset',
    );
  });

  test('toHaveSeen knows a UDP socket and what a client’s call came back with', async () => {
    await using socket = await here.net.host('alice').udp('bounce:9000');
    await socket.send('ping');
    await expect(here.net.host('bounce')).toHaveSeen(socket, { text: 'ping' });
  });

  test('not.toHaveSeen names what was seen, and asks for how long to look', async () => {
    const [echo, alice] = [here.net.host('echo'), here.net.host('alice')];
    await using talk = await alice.tcp('echo:9000');
    const seen = await said(expect(echo).not.toHaveSeen(talk, { within: 2000 }));
    expect(seen).toContain(`found:        accept ${talk.local.address}:${talk.local.port}`);
    expect(await said(expect(echo).not.toHaveSeen(talk))).toContain('{ within: 500 }');
  });

  test('toReceive takes exactly what it names and leaves the rest', async () => {
    await using talk = await here.net.host('alice').tcp('echo:9000');
    await talk.write('hello world 42');
    await expect(talk).toReceive('HELLO');
    await expect(talk).toReceive(/world \d/i);
    await expect(talk).toReceive(Buffer.from('2'));
    await expect(talk).toReceive({ nothing: true }, { within: 100 });
    await talk.end();
    await expect(talk).toReceive({ end: true });
  });

  test('toReceive says what was expected, what came, and where they part', async () => {
    await using talk = await here.net.host('alice').tcp('echo:9000');
    await talk.write('hello');
    const message = await said(expect(talk).toReceive('HELP!', { within: 500 }));
    expect(message).toContain('expected: "HELP!"');
    expect(message).toContain('found:    "HELLO"');
    expect(message).toContain("first difference at byte 3: expected 0x50 'P', found 0x4c 'L'");
  });

  test('toReceive says that nothing came within the time', async () => {
    await using socket = await here.net.host('alice').udp('bounce:9000');
    const message = await said(expect(socket).toReceive('HELLO', { within: 100 }));
    expect(message).toContain('found:    nothing');
    expect(message).toContain('no datagram in 100 ms');
  });

  test('toReceive takes a datagram as a whole', async () => {
    await using socket = await here.net.host('alice').udp('bounce:9000');
    await socket.send('hello');
    await expect(socket).toReceive('HELLO');
  });

  test('a matcher on something else says what it takes', async () => {
    expect(await said(expect(42).toReceive('x'))).toContain('TCP connection or a UDP socket');
    expect(await said(expect(42).toHaveSeen(here.net.host('alice')))).toContain("expect(net.host('echo'))");
  });
});

/** A UDP socket of the library, as a test holds it. */
import { LabError } from 'lanlab';
import { expect, test } from 'vitest';
import { labFor, onEveryEngine, refusal } from './here.ts';

await onEveryEngine('a UDP socket', (engine, subnet) => {
  const here = labFor(
    {
      lab: 'udp',
      networks: { lan: subnet(2) },
      hosts: {
        bounce: { service: 'udp-echo', networks: ['lan'] },
        alice: { networks: ['lan'] },
        bob: { networks: ['lan'] },
      },
    },
    { engine },
  );

  test('sends a datagram and gets the answer from the address it was sent to', async () => {
    await using socket = await here.net.host('alice').udp('bounce:9000', { from: 40_002 });
    await socket.send('hello');
    const { from, text } = await socket.receive();
    expect(text).toBe('HELLO');
    expect(from).toEqual(socket.remote);
    expect(socket.local).toEqual({ address: here.net.host('alice').address, port: 40_002 });
  });

  test('keeps an empty datagram apart from none', async () => {
    await using socket = await here.net.host('alice').udp('bounce:7');
    await socket.send('');
    expect((await socket.receive()).bytes).toHaveLength(0);
    expect((await refusal(socket.receive({ giveUp: 100 }))).kind).toBe('timeout');
  });

  test('that is connected to a port where nobody listens is told so by ICMP', async () => {
    await using socket = await here.net.host('alice').udp('bounce:9999', { connect: true });
    await socket.send('anyone?');
    const { kind, errno } = await refusal(socket.receive());
    expect({ kind, errno }).toEqual({ kind: 'refused', errno: 'ECONNREFUSED' });
  });

  test('that listens answers whoever spoke last, and is iterated', async () => {
    const [alice, bob] = [here.net.host('alice'), here.net.host('bob')];
    await using ear = await bob.listen({ udp: 8000 });
    await using socket = await alice.udp('bob:8000');
    for (const line of ['one', 'two', 'three']) await socket.send(line);
    const heard: string[] = [];
    for await (const { text, from } of ear) {
      expect(from).toEqual(socket.local);
      await ear.send(`${text}!`);
      if (heard.push(text) === 3) break;
    }
    expect(heard).toEqual(['one', 'two', 'three']);
    expect((await socket.receive()).text).toBe('one!');
  });

  test('that listens and has heard nobody does not know whom to answer', async () => {
    await using ear = await here.net.host('bob').listen({ udp: 8001 });
    await expect(ear.send('hello?')).rejects.toThrow(LabError);
    await expect(ear.send('hello', 'alice:8002')).resolves.toBeUndefined();
  });

  test('reaches every host of its network by broadcast', async () => {
    await using ear = await here.net.host('bob').listen({ udp: 8003 });
    await using socket = await here.net.host('alice').udp('broadcast:8003');
    await socket.send('all of you');
    expect((await ear.receive()).text).toBe('all of you');
  });
});

/** A TCP connection of the library, as a test holds it. */
import { expect, test } from 'vitest';
import { labFor, onEveryEngine, refusal } from './here.ts';

await onEveryEngine('a TCP connection', (engine, subnet) => {
  const here = labFor(
    {
      lab: 'tcp',
      networks: { lan: subnet(1) },
      hosts: {
        echo: { service: 'tcp-echo', networks: ['lan'] },
        alice: { networks: ['lan'] },
        bob: { networks: ['lan'] },
      },
    },
    { engine },
  );

  test('knows its own and its peer’s literal address, and may choose its port', async () => {
    const alice = here.net.host('alice');
    await using talk = await alice.tcp('echo:9000', { from: 40_001 });
    expect(talk.local).toEqual({ address: alice.address, port: 40_001 });
    expect(talk.remote).toEqual({ address: here.net.host('echo').address, port: 9000 });
  });

  test('is read by number of bytes, and what follows stays', async () => {
    await using talk = await here.net.host('alice').tcp('echo:9000');
    await talk.write('hello world');
    expect((await talk.read(5)).toString()).toBe('HELLO');
    expect((await talk.read(6)).toString()).toBe(' WORLD');
  });

  test('after our FIN still brings all that the server has to say, then its FIN', async () => {
    await using talk = await here.net.host('alice').tcp('echo:7');
    const sent = Buffer.alloc(300_000, 'abc');
    void talk.write(sent).then(() => talk.end());
    const chunks: Uint8Array[] = [];
    for await (const chunk of talk) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
    expect(await talk.read()).toHaveLength(0);
  });

  test('as text is everything until the peer’s FIN', async () => {
    await using talk = await here.net.host('alice').tcp('echo:7');
    await talk.write('über');
    await talk.end();
    expect(await talk.text()).toBe('über');
  });

  test('to a port where nobody listens is refused, with the kernel’s name for it and the time it took', async () => {
    const { kind, errno, after } = await refusal(here.net.host('alice').tcp('echo:9999'));
    expect({ kind, errno }).toEqual({ kind: 'refused', errno: 'ECONNREFUSED' });
    expect(after).toBeGreaterThan(0);
  });

  test('that brings nothing is a timeout after the time that was given, and is good afterwards', async () => {
    await using talk = await here.net.host('alice').tcp('echo:9000');
    const { kind, after } = await refusal(talk.read(1, { giveUp: 200 }));
    expect(kind).toBe('timeout');
    expect(after).toBeGreaterThanOrEqual(190);
    await talk.write('x');
    expect((await talk.read(1)).toString()).toBe('X');
  });

  test('that one host listens for is accepted there with the same tuple, and both sides talk', async () => {
    const [alice, bob] = [here.net.host('alice'), here.net.host('bob')];
    await using door = await bob.listen({ tcp: 8000 });
    await using talk = await alice.tcp('bob:8000');
    await using served = await door.accept();
    expect(served.remote).toEqual(talk.local);
    expect(served.local).toEqual(talk.remote);
    await served.write('welcome');
    expect((await talk.read(7)).toString()).toBe('welcome');
  });

  test('that its peer resets fails the next read with reset', async () => {
    const bob = here.net.host('bob');
    await using door = await bob.listen({ tcp: 8001 });
    await using talk = await here.net.host('alice').tcp('bob:8001');
    const served = await door.accept();
    await served.reset();
    const { kind, errno } = await refusal(talk.read());
    expect({ kind, errno }).toEqual({ kind: 'reset', errno: 'ECONNRESET' });
    await served.close();
  });

  test('of a listener that is iterated comes for every client', async () => {
    const bob = here.net.host('bob');
    await using door = await bob.listen({ tcp: 8002 });
    await using first = await here.net.host('alice').tcp('bob:8002');
    await using second = await here.net.host('echo').tcp('bob:8002');
    const peers: string[] = [];
    for await (const served of door) {
      peers.push(served.remote.address);
      await served.close();
      if (peers.length === 2) break;
    }
    expect(peers.toSorted()).toEqual([first.local.address, second.local.address].toSorted());
  });

  test('nobody accepts in time is a timeout of accept', async () => {
    await using door = await here.net.host('bob').listen({ tcp: 8003 });
    const { kind } = await refusal(door.accept({ giveUp: 100 }));
    expect(kind).toBe('timeout');
  });
});

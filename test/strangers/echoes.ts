/** Strangers' clients of the echo programs across the LAN: ncat, socat, curl, and the same steps beside Debian's inetd. */
import { type Lab, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { inetd } from './inetd.ts';
import { shellIn, strangersOn } from './shell.ts';

export const ECHO_PROGRAMS = ['curl', 'inetd', 'ncat', 'socat'] as const;

/** Of datagrams; the largest is that of IPv4, and 1,473 bytes take two frames. */
const SIZES = [1, 1472, 1473, 65_507];

/** `through` in bytes: how much goes there and back over one connection. */
export function echoes(engine: Engine, subnet: string, through: number): void {
  const alice: WrittenHost = { ...strangersOn(engine), networks: ['lan'] };
  let net: Lab;
  const { types, prints } = shellIn(engine, () => net);
  beforeAll(async () => {
    const hosts = {
      tcp: { service: 'tcp-echo', networks: ['lan'] },
      udp: { service: 'udp-echo', networks: ['lan'] },
      clock: { service: 'time', networks: ['lan'] },
      inetd: inetd(engine),
      alice,
    } satisfies Record<string, WrittenHost>;
    net = await lab({ lab: 'echoes', networks: { lan: subnet }, hosts }, { engine });
  });
  afterAll(() => net?.down());

  test('what ncat and socat have sent comes back after they have ended their side, in the same or in capitals', async () => {
    expect(await prints('alice', 'echo hello | ncat tcp 7')).toBe('hello');
    expect(await prints('alice', '{ sleep 1; echo late; } | ncat tcp 9000')).toBe('LATE');
    expect(await prints('alice', 'echo hello | socat -t 10 - TCP:tcp:9000')).toBe('HELLO');
  });

  test('curl talks as a telnet would', async () => {
    // curl does not end its side: the limit of time ends it.
    const { exit, text } = await types(
      'alice',
      '{ echo one; sleep 1; echo two; } | curl -sS -m 4 telnet://tcp:9000',
    );
    expect(exit).toBe(28);
    expect(text.split('\n').filter((line) => !line.startsWith('curl:'))).toEqual(['ONE', 'TWO']);
  });

  test(`${through} bytes through ncat and through socat have the same hash`, async () => {
    const bytes = `seq ${through} 2>/dev/null | head -c ${through}`;
    const hash = await prints('alice', `${bytes} | sha256sum`);
    for (const client of ['ncat tcp 7', 'socat -t 60 - TCP:tcp:7']) {
      expect([client, await prints('alice', `${bytes} | ${client} | sha256sum`, 600)]).toEqual([
        client,
        hash,
      ]);
    }
  }, 600_000);

  test('datagrams of any size come back to socat, and what it sends to everybody comes back from udp', async () => {
    const everybody = subnet.replace(/\.0\/24$/, '.255');
    const sent = SIZES.map((size) => `seq 100000 2>/dev/null | head -c ${size}`);
    // Side by side: socat waits for more, and is told for how long.
    const [said = '', ...answered] = await Promise.all([
      prints('alice', `echo all | socat -t 2 - UDP-DATAGRAM:${everybody}:7,broadcast`),
      ...sent.map((bytes) => prints('alice', `${bytes} | socat -b 65507 -t 2 - UDP:udp:7 | sha256sum`)),
    ]);
    const hashes = await Promise.all(sent.map((bytes) => prints('alice', `${bytes} | sha256sum`)));
    expect(answered).toEqual(hashes);
    expect(said.split('\n')).toContain('all');
    const heard = await net
      .host('udp')
      .events.first({ event: 'receive', local: { address: everybody, port: 7 } });
    expect(heard).toMatchObject({ text: 'all\n' });
  });

  test('inetd and ours send back the same over TCP, and end after the client', async () => {
    for (const says of ['', 'hello\n', '\0\xff'.repeat(50_000)]) {
      const [ours, theirs] = [await overTcp('tcp:7', says), await overTcp('inetd:7', says)];
      expect([ours === says, theirs === says]).toEqual([true, true]);
    }
  });

  test('inetd and ours send back the same over UDP', async () => {
    for (const size of [0, 1, 1472, 1473]) {
      const says = 'x'.repeat(size);
      const [ours, theirs] = [await overUdp('udp:7', says), await overUdp('inetd:7', says)];
      expect([size, ours]).toEqual([size, theirs]);
    }
  });

  test('inetd and ours tell the same time in the same bytes, whatever the client says', async () => {
    const alike = (ask: (host: string) => Promise<string>) =>
      expect
        // Two questions may have a second between them.
        .poll(async () => [await ask('clock'), await ask('inetd')], { timeout: 10_000 })
        .toSatisfy(([ours, theirs]: string[]) => ours === theirs && ours !== '');
    for (const port of [13, 37]) {
      await alike((host) => overTcp(`${host}:${port}`, ''));
      for (const says of ['', '\n', 'what is the time?\r\n'])
        await alike((host) => overUdp(`${host}:${port}`, says));
    }
  });

  /** What comes until the server ends its side, as Latin-1. */
  async function overTcp(to: string, says: string): Promise<string> {
    await using connection = await net.host('alice').tcp(to);
    if (says !== '') await connection.write(Buffer.from(says, 'latin1'));
    await connection.end();
    const chunks: Buffer[] = [];
    for await (const chunk of connection) chunks.push(chunk);
    return Buffer.concat(chunks).toString('latin1');
  }

  async function overUdp(to: string, says: string): Promise<string> {
    await using socket = await net.host('alice').udp(to);
    await socket.send(Buffer.from(says, 'latin1'));
    return (await socket.receive()).bytes.toString('latin1');
  }
}

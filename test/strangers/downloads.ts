/** Strangers' clients from Debian's packages fetch files across the LAN: over HTTP, in parts, resumed after a cut, and over TFTP. */
import { createHash } from 'node:crypto';
import { type Lab, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { materialise } from '../../lab/model/bytes.ts';
import { shellIn, strangersOn } from './shell.ts';

export const CLIENTS = ['aria2c', 'curl', 'tftp', 'wget'] as const;

const BIG = { random: 4_000_000, seed: 'strangers' };
const SMALL = { random: 1_000_000, seed: 'strangers' };
const hashOf = (bytes: typeof BIG) => createHash('sha256').update(materialise(bytes)).digest('hex');

/** The lines of a client that fetches `big.bin`: ended after 5 s, when nothing comes any more, and then the rest. */
const RESUMING = {
  curl: [
    'timeout 5 curl -sS -o big.bin http://files/big.bin',
    'curl -sS -C - -o big.bin http://files/big.bin',
  ],
  wget: ['timeout 5 wget -q -O big.bin http://files/big.bin', 'wget -q -c http://files/big.bin'],
  aria2c: [
    'timeout 5 aria2c -q -x4 -s4 -k1M http://files/big.bin',
    'aria2c -q -x4 -s4 -k1M -c http://files/big.bin',
  ],
} as const;

export function downloads(engine: Engine, subnet: string): void {
  const client: WrittenHost = { ...strangersOn(engine), networks: ['lan'] };
  let net: Lab;
  const { types, prints } = shellIn(engine, () => net);
  beforeAll(async () => {
    const files: WrittenHost = {
      service: 'files',
      networks: ['lan'],
      files: {
        '/srv/files/big.bin': BIG,
        '/srv/files/small.bin': SMALL,
        '/srv/files/sub/note.txt': 'A note.\n',
      },
    };
    const hosts = { files, curl: client, wget: client, aria2c: client };
    net = await lab({ lab: 'strangers', networks: { lan: subnet }, hosts }, { engine });
  });
  afterAll(() => net?.down());

  test('curl asks for a part, for the headers, and for the list of a folder', async () => {
    const part = await prints('curl', 'curl -sS -r 2-5 http://files/sub/note.txt');
    expect(part).toBe('note');
    const heads = await prints('curl', "curl -sSI -H 'Want-Repr-Digest: sha-256=1' http://files/small.bin");
    expect(heads).toMatch(/^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Content-Length: 1000000\r\n/);
    expect(heads).toContain(`Repr-Digest: sha-256=:${Buffer.from(hashOf(SMALL), 'hex').toString('base64')}:`);
    const list = await prints('curl', "curl -sSL -H 'Accept: application/json' http://files/sub");
    expect(JSON.parse(list)).toMatchObject([{ name: 'note.txt', type: 'file', size: 8 }]);
    const asked = { event: 'receive', text: 'sub/note.txt', method: 'GET' };
    expect(await net.host('files').events.first(asked)).toMatchObject({
      peer: { address: net.host('curl').address },
    });
  });

  test('curl, wget and aria2c are cut off in the middle, resume, and have equal files', async () => {
    const { events } = net.host('files');
    const [programs, lines] = [Object.keys(RESUMING), Object.values(RESUMING)];
    // So that none is done before the cut: 12 MB take 12 s.
    await using slow = await net.fault({ rate: '8Mbit/s', on: { out: 'files' } });
    const first = lines.map(([line], at) => types(programs[at]!, line));
    for (const program of programs) {
      await expect.poll(() => types(program, 'test -s big.bin')).toMatchObject({ exit: 0 });
    }
    await using cut = await net.cut('all', 'files');
    for (const { exit } of await Promise.all(first)) expect(exit).not.toBe(0);
    await slow.heal();
    await cut.heal();
    const sizes = programs.map((program) => prints(program, 'stat -c %s big.bin'));
    for (const size of await Promise.all(sizes)) expect(Number(size)).toBeGreaterThan(0);
    await Promise.all(lines.map(([, line], at) => prints(programs[at]!, line)));
    const hashes = programs.map((program) => prints(program, 'sha256sum big.bin'));
    for (const hash of await Promise.all(hashes)) expect(hash).toBe(`${hashOf(BIG)}  big.bin`);
    expect(events.all({ event: 'send' }).filter(({ status }) => status === 206).length).toBeGreaterThan(2);
  });

  test('curl and tftp fetch over TFTP, with options and without, and hold out a cut', async () => {
    const fetched = async (host: string, line: string) =>
      expect(await prints(host, `${line} && sha256sum small.bin`)).toBe(`${hashOf(SMALL)}  small.bin`);
    await Promise.all([
      fetched('curl', 'curl -sS --tftp-blksize 1400 -O tftp://files/small.bin'),
      fetched('wget', 'tftp -m binary files -c get small.bin'),
    ]);
    const { events } = net.host('files');
    const peer = { address: net.host('aria2c').address };
    const last = fetched('aria2c', 'curl -sS --tftp-no-options -O tftp://files/small.bin');
    await events.first({ event: 'send', transport: 'udp', peer });
    {
      await using _ = await net.cut('aria2c', 'files');
    }
    await last;
    expect(await events.first({ event: 'close', transport: 'udp', peer })).toMatchObject({
      by: 'server',
      sent: SMALL.random,
    });
  });

  test('a request over TFTP that is sent to everybody gets no answer', async () => {
    const everybody = subnet.replace(/\.0\/24$/, '.255:69');
    await using socket = await net.host('curl').udp(everybody);
    await socket.send(Buffer.from('\0\x01small.bin\0octet\0'));
    expect(await net.host('files').events.first({ event: 'ignore' })).toMatchObject({
      reason: 'a request to a broadcast address or a group',
    });
  });
}

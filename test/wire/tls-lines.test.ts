/** First records of TLS as lines, ladders and printed frames show them: those of a real handshake, and some made here. */
import { once } from 'node:events';
import { createServer as createTcpServer, connect as dial, type Socket } from 'node:net';
import { connect, createServer, type SecureVersion } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describePayload } from '../../lab/wire/application/describe.ts';
import { describeTls, readTls, TLS_ALERTS, TLS_MESSAGES } from '../../lab/wire/application/tls.ts';
import { labelOf } from '../../lab/wire/ladder/label.ts';
import { compile, differences, matches } from '../../lab/wire/lines/match.ts';
import { printLine } from '../../lab/wire/lines/print.ts';
import { readLine } from '../../lab/wire/lines/read.ts';
import type { SeenFrame } from '../../lab/wire/timeline.ts';
import { certificateFor } from '../certificates/files.ts';
import { ACK, CARDS, PSH, packet, timeline } from './line-frames.ts';

const said = (from: 'alice' | 'echo', payload: Uint8Array): SeenFrame => {
  const [sourcePort, destinationPort] = from === 'alice' ? [40000, 443] : [443, 40000];
  const tcp = { sourcePort, destinationPort, flags: PSH | ACK, sequence: 1, acknowledgement: 1, window: 500 };
  return timeline(
    packet(from, from === 'alice' ? 'echo' : 'alice', { tcp, payload: Buffer.from(payload) }),
  )[0]!;
};

/** What each side of a real conversation wrote, in whole pieces. */
async function handshake(version: SecureVersion, name = 'echo') {
  const { cert, keyText } = certificateFor(['echo']);
  const server = createServer({ cert, key: keyText, minVersion: version, maxVersion: version }, (socket) =>
    socket.end('hello'),
  );
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const there: Buffer[] = [];
  const back: Buffer[] = [];
  const between = createTcpServer((near: Socket) => {
    const far = dial((server.address() as { port: number }).port, '127.0.0.1');
    near
      .on('data', (piece: Buffer) => there.push(piece))
      .on('error', () => {})
      .pipe(far);
    far
      .on('data', (piece: Buffer) => back.push(piece))
      .on('error', () => {})
      .pipe(near);
  });
  await once(between.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    between.close();
  });
  const { port } = between.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', servername: name, rejectUnauthorized: false });
  client.resume();
  await once(client, 'close');
  return { there, back };
}

const WORDS = [...TLS_MESSAGES, ...TLS_ALERTS];
const CLOSE = Buffer.from('15030300020100', 'hex');

function pattern(text: string) {
  const { line, problems } = readLine(text);
  if (!line) throw new Error(`${text}: ${problems[0]!.message}`);
  expect(printLine(line)).toBe(text);
  return compile(line, text, { cards: CARDS });
}

describe('records of real handshakes', () => {
  test('TLS 1.3 shows its hellos, and what comes after them is encrypted', async () => {
    const { there, back } = await handshake('TLSv1.3');
    expect(describeTls(there[0]!)).toBe('tls ClientHello echo');
    expect(describeTls(back[0]!)).toBe('tls ServerHello');
    expect(readTls(there[1]!)?.word).toMatch(/^(ChangeCipherSpec|data)$/);
    expect(back.slice(1).every((piece) => readTls(piece)?.word === 'data')).toBe(true);
  });

  test('TLS 1.2 shows its messages, until the keys change', async () => {
    const { there, back } = await handshake('TLSv1.2');
    expect(describeTls(there[0]!)).toBe('tls ClientHello echo');
    expect(describeTls(back[0]!)).toBe('tls ServerHello');
    expect(describeTls(there[1]!)).toBe('tls ClientKeyExchange');
    expect(describeTls(back[1]!)).toBe('tls NewSessionTicket');
  });

  test('a hello that is cut off still says whom it is for, once its name has come', async () => {
    const hello = (await handshake('TLSv1.3', 'a-long-name.example')).there[0]!;
    const named = Array.from({ length: hello.length + 1 }, (_, end) => readTls(hello.subarray(0, end)));
    const first = named.findIndex((one) => one?.name !== undefined);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(hello.length);
    expect(named.slice(first).every((one) => one?.name === 'a-long-name.example')).toBe(true);
    expect(named.slice(9, first).every((one) => one?.word === 'ClientHello')).toBe(true);
    expect(named.slice(0, 5).every((one) => one === undefined)).toBe(true);
  });
});

describe('a record', () => {
  test.each([
    ['15030300020230', 'tls alert unknown_ca'],
    ['15030100020100', 'tls alert close_notify'],
    [`150303001a${'00'.repeat(26)}`, 'tls alert'],
    ['1503030002ff30', 'tls alert'],
    ['140303000101', 'tls ChangeCipherSpec'],
    [`1703030010${'ab'.repeat(16)}`, 'tls data'],
    ['1603030028010000240303ab', 'tls ClientHello'],
    ['1603030028ffffffffffff', 'tls handshake'],
    ['160303002801ffffff', 'tls handshake'],
    [
      `160303005602000052${'0303'}${'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'}00`,
      'tls HelloRetryRequest',
    ],
  ])('%s is %s', (hex, shown) => {
    expect(describeTls(Buffer.from(hex, 'hex'))).toBe(shown);
  });

  test.each([
    ['no bytes', ''],
    ['four bytes', '16030100'],
    ['another type', '18030300020100'],
    ['another version', '16040300020100'],
    ['a minor version that there is not', '1603050002010000'],
    ['no content', '1703030000'],
    ['more than a record holds', '17030348010000'],
    ['text', Buffer.from('GET / HTTP/1.1\r\n').toString('hex')],
  ])('is none: %s', (_, hex) => {
    expect(readTls(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  test('a name that no name can be is left out', () => {
    const named = (name: string) => {
      const text = Buffer.from(name);
      const list = Buffer.concat([Buffer.from([0, 0, text.length]), text]);
      const extension = Buffer.concat([Buffer.from([0, 0, 0, list.length + 2, 0, list.length]), list]);
      const body = Buffer.concat([
        Buffer.alloc(34),
        Buffer.from([0, 0, 2, 0x13, 1, 1, 0, 0, extension.length]),
        extension,
      ]);
      const head = Buffer.from([22, 3, 1, 0, body.length + 4, 1, 0, 0, body.length]);
      return readTls(Buffer.concat([head, body]));
    };
    expect(named('echo.lan')).toEqual({ word: 'ClientHello', name: 'echo.lan' });
    for (const name of ['', 'a b', 'a\u001b[2Jb', 'a\nb'])
      expect(named(name)).toEqual({ word: 'ClientHello' });
  });
});

describe('a line of tls', async () => {
  const text = (hex: string) => Buffer.from(hex, 'hex');
  const hello = text('1603030028010000240303ab');
  const alert = said('echo', text('15030300020230'));
  const data = said('alice', text('1703030002abcd'));

  test.each([
    ['tls alice > echo ClientHello', said('alice', hello)],
    ['tls alice > echo:443 data ttl=64', data],
    ['tls echo > alice unknown_ca', alert],
    ['tls * > *', data],
  ])('meets %s', (line, seen) => {
    expect(matches(pattern(line), seen)).toBe(true);
  });

  test.each([
    ['tls alice > echo ServerHello', said('alice', hello), 'it says ClientHello, not ServerHello'],
    ['tls alice > echo ClientHello name=echo', said('alice', hello), 'it is about no name, not echo'],
    ['tls echo > alice close_notify', alert, 'it says unknown_ca, not close_notify'],
  ])('does not meet %s', (line, seen, why) => {
    expect(matches(pattern(line), seen)).toBe(false);
    expect(differences(pattern(line), seen)).toEqual([why]);
  });

  test('meets the server that a ClientHello asks for, in any case of letters', async () => {
    const { there } = await handshake('TLSv1.3');
    const seen = said('alice', there[0]!);
    expect(matches(pattern('tls alice > echo ClientHello name=ECHO'), seen)).toBe(true);
    expect(matches(pattern('tls alice > echo ClientHello name=bob'), seen)).toBe(false);
  });

  test('is about segments that begin with a record', () => {
    expect(pattern('tls * > *').covers(said('alice', text('abcdef')))).toBe(false);
  });

  test('is shown in ladders and frames', () => {
    const label = ({ frame }: SeenFrame) => labelOf(frame, (address) => address);
    expect(label(alert)).toBe('tls alert unknown_ca');
    expect(describePayload(data.frame)).toBe('tls data');
    expect(describePayload(said('echo', CLOSE).frame)).toBe('tls alert close_notify');
  });

  test('with a wrong word says what is right', () => {
    const problem = (line: string) => readLine(line).problems?.[0];
    expect(problem('tls alice > echo clienthello')).toMatchObject({ hint: 'write ClientHello' });
    expect(problem('tls alice > echo SYN')?.allowed).toEqual(expect.arrayContaining(['ClientHello', 'data']));
    expect(problem('ssl alice > echo ClientHello')).toMatchObject({ hint: expect.stringContaining('tls') });
    expect(problem('tls alice > echo ClientHello sni=echo')).toMatchObject({ hint: 'write name=echo' });
  });
});

test('cut off anywhere and with any bytes changed, a record is read or not, and nothing is thrown', async () => {
  const { there, back } = await handshake('TLSv1.2');
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...there, ...back),
      fc.nat(),
      fc.array(change, { maxLength: 4 }),
      (record, end, changes) => {
        const changed = Buffer.from(record);
        for (const [at, value] of changes) changed[at % Math.min(changed.length, 200)] = value;
        const found = readTls(changed.subarray(0, end % (changed.length + 1)));
        if (found) expect(WORDS).toContain(found.word);
      },
    ),
    { numRuns: 3000 },
  );
});

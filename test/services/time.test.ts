/** The program time: strftime over UDP, and NTP. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isoMicroseconds, nowMicroseconds } from '../../services/clock.ts';
import { REPLY_LIMIT, timeInFormat } from '../../services/time/format.ts';
import { NTP_DEFAULTS, notARequest, ntpReply } from '../../services/time/ntp.ts';
import { createTime, type TimeOptions } from '../../services/time/server.ts';
import { describeNeeding } from '../needs.ts';
import { udpClient } from './clients.ts';
import { startProgram } from './program.ts';
import { recorder } from './recorder.ts';

const TO_UNIX = 2_208_988_800;
const TRANSMIT = Buffer.from('e1e2e3e4e5e6e7e8', 'hex');

function request(first: number, length = 48): Buffer {
  const packet = Buffer.alloc(length);
  if (length > 0) packet[0] = first;
  if (length >= 48) TRANSMIT.copy(packet, 40);
  if (length > 2) packet[2] = 6;
  return packet;
}
const V3 = 0b00_011_011;
const V4 = 0b00_100_011;

/** Seconds since 1970 of the 64-bit timestamp at `at`. */
function seconds(packet: Buffer, at: number): number {
  return packet.readUInt32BE(at) - TO_UNIX + packet.readUInt32BE(at + 4) / 2 ** 32;
}

async function started(options: TimeOptions = {}) {
  const events = recorder();
  const service = await createTime({
    hosts: ['127.0.0.1'],
    ntpPort: 0,
    textPort: 0,
    daytimePort: 0,
    secondsPort: 0,
    onEvent: events.onEvent,
    ...options,
  });
  const portOf = (name: string, over = 'udp'): number =>
    service.addresses.find(({ service, transport }) => service === name && transport === over)!.port;
  return {
    events,
    service,
    ntp: portOf('ntp'),
    text: portOf('time'),
    portOf,
    [Symbol.asyncDispose]: () => service.close(0),
  };
}

describe('the clock', () => {
  test('agrees with the machine’s to the millisecond and never goes back by itself', () => {
    // The clock stops its search when the rest of its uncertainty is a tenth of a millisecond: half of it to each side.
    const near = 52;
    let last = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const before = Date.now();
      const now = nowMicroseconds();
      expect(now).toBeGreaterThanOrEqual(before * 1000 - near);
      expect(now).toBeLessThan((Date.now() + 1) * 1000 + near);
      expect(now).toBeGreaterThanOrEqual(last - 2 * near);
      last = now;
    }
  });

  test('follows when the machine’s clock is stepped', () => {
    const real = Date.now;
    // A step is seen a millisecond later at most.
    const wait = (until = performance.now() + 1.1) => {
      while (performance.now() < until);
    };
    try {
      Date.now = () => real() + 3_600_000;
      wait();
      expect(Math.abs(nowMicroseconds() / 1000 - real() - 3_600_000)).toBeLessThan(10);
    } finally {
      Date.now = real;
    }
    wait();
    expect(Math.abs(nowMicroseconds() / 1000 - real())).toBeLessThan(10);
  });

  test('is printed as RFC 3339 with six decimals', () => {
    expect(isoMicroseconds(1_795_219_200_000_007)).toBe('2026-11-21T00:00:00.000007Z');
  });
});

describe('NTP', () => {
  test.each([V3, V4])('a client’s packet (first byte %i) is answered field by field', async (first) => {
    await using server = await started();
    using client = await udpClient();
    const before = nowMicroseconds() / 1e6;
    const { data, from } = await client.ask(request(first), server.ntp);
    const after = nowMicroseconds() / 1e6;
    expect(from.port).toBe(server.ntp);
    expect(data.length).toBe(48);
    expect(data[0]).toBe((first & 0b111_000) | 4);
    expect([data[1], data[2], data.readInt8(3)]).toEqual([2, 6, -20]);
    expect(data.readUInt32BE(4)).toBe(0);
    expect(data.readUInt32BE(8)).toBe(Math.round(0.001 * 65_536));
    expect([...data.subarray(12, 16)]).toEqual([127, 127, 1, 1]);
    expect(data.subarray(24, 32)).toEqual(TRANSMIT);
    // A timestamp is cut, not rounded, to a unit far below the microsecond.
    const slack = 0.000_01;
    expect(seconds(data, 32)).toBeGreaterThanOrEqual(before - slack);
    expect(seconds(data, 40)).toBeGreaterThanOrEqual(seconds(data, 32));
    expect(seconds(data, 40)).toBeLessThanOrEqual(after + slack);
    expect(seconds(data, 16)).toBeLessThanOrEqual(seconds(data, 32));
  });

  test('stratum, precision, delay, dispersion and reference id are what is set', async () => {
    const referenceId = Buffer.from('GPS\0');
    const ntp = { stratum: 1, precision: -10, rootDelay: 1.5, rootDispersion: 2.25, referenceId };
    await using server = await started({ ntp });
    using client = await udpClient();
    const { data } = await client.ask(request(V4), server.ntp);
    expect([data[1], data.readInt8(3)]).toEqual([1, -10]);
    expect([data.readUInt32BE(4), data.readUInt32BE(8)]).toEqual([1.5 * 65_536, 2.25 * 65_536]);
    expect(data.toString('latin1', 12, 16)).toBe('GPS\0');
  });

  test.each([
    ['shorter than 48 bytes', request(V4, 47)],
    ['shorter than 48 bytes', request(V4, 0)],
    ['version 2', request(0b00_010_011)],
    ['version 5', request(0b00_101_011)],
    ['mode 4', request(0b00_100_100)],
    ['mode 6', request(0b00_100_110)],
  ])('%s is not answered, and an event says so', async (reason, packet) => {
    await using server = await started();
    using client = await udpClient();
    client.send(packet, server.ntp);
    await server.events.seen({ event: 'ignore', reason });
    await client.ask(request(V4), server.ntp);
    expect(server.events.matching({ event: 'send' }).length).toBe(1);
  });

  test('its packets are no text: their events have a number of bytes and nothing more', async () => {
    await using server = await started();
    using client = await udpClient();
    await client.ask(request(V4), server.ntp);
    await server.events.seen({ event: 'send' });
    const told = server.events.matching(({ bytes }) => bytes !== undefined);
    expect(told.map(({ event, bytes, text }) => ({ event, bytes, text }))).toEqual([
      { event: 'receive', bytes: 48, text: undefined },
      { event: 'send', bytes: 48, text: undefined },
    ]);
    await client.ask('%s', server.text);
    await server.events.seen({ event: 'receive', text: '%s' });
  });

  test('OFFSET makes both answers wrong by so many seconds', async () => {
    await using server = await started({ offset: -3600.5 });
    using client = await udpClient();
    const { data } = await client.ask(request(V4), server.ntp);
    expect(seconds(data, 40) - nowMicroseconds() / 1e6).toBeCloseTo(-3600.5, 0);
    const { text } = await client.ask('%s', server.text);
    expect(Math.abs(Number(text) - (Date.now() / 1000 - 3600.5))).toBeLessThan(2);
  });

  test('no packet makes it throw, and what it answers is one server packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.maxSafeInteger(), fc.nat(1e6), (bytes, at, took) => {
        const packet = Buffer.from(bytes);
        if (notARequest(packet) !== undefined) return;
        const reply = ntpReply(packet, at, at + took, NTP_DEFAULTS);
        expect([reply.length, (reply[0] as number) & 7]).toEqual([48, 4]);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(V3, V4), fc.integer({ min: -1e16, max: 9e15 }), (first, at) => {
        expect(ntpReply(request(first), Math.max(at, -9e15), at, NTP_DEFAULTS).length).toBe(48);
      }),
    );
  });

  test('its timestamps come round in 2036, when the second era begins', () => {
    const era = (2 ** 32 - TO_UNIX) * 1e6;
    expect(ntpReply(request(V4), era - 500_000, era + 250_000, NTP_DEFAULTS).toString('hex', 32)).toBe(
      'ffffffff800000000000000040000000',
    );
  });
});

const chronyd = spawnSync('chronyd', ['--version']).status === 0;
const noChronyd = chronyd ? undefined : 'no chronyd here: apt-get install chrony';
describeNeeding('chrony', noChronyd, 'NTP as chronyd sees it', () => {
  test.each([0, 5.25])('with OFFSET %f the clock is found wrong by that much', async (offset) => {
    await using program = startProgram('time', {
      HOST: '127.0.0.1',
      PORT_NTP: '0',
      PORT_TIME: '0',
      PORT_DAYTIME: '0',
      PORT_SECONDS: '0',
      OFFSET: String(offset),
    });
    const { ntp } = await program.ports();
    // One sample is enough to be believed: the others of a burst come two seconds apart.
    const server = `server 127.0.0.1 port ${ntp} iburst maxsamples 1`;
    // A file of its own: chronyd, as root, puts its own in the place of whatever stands at that path.
    const folder = await mkdtemp(join(tmpdir(), 'chronyd-'));
    const args = ['-U', '-Q', '-t', '8', server, `pidfile ${join(folder, 'pid')}`];
    const chrony = spawn('chronyd', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [chrony.stdout, chrony.stderr]) {
      stream.on('data', (chunk) => {
        said += String(chunk);
      });
    }
    await once(chrony, 'close');
    await rm(folder, { recursive: true });
    const found = /System clock wrong by (-?[\d.]+) seconds/.exec(said)?.[1];
    expect(Number(found), said).toBeCloseTo(offset, 1);
  });
});

describe('the time in a format', () => {
  const at = Date.UTC(2026, 6, 4, 9, 5, 3) * 1000;
  const say = (format: string | Buffer, microseconds = at): string =>
    timeInFormat(Buffer.from(format as string), microseconds);
  const zone = process.env.TZ;
  const inZone = (name: string): void => {
    process.env.TZ = name;
  };
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  test('every conversion is what date(1) prints for it', () => {
    const letters = [...'aAbBcCdDeFgGhHIjklmMnpPrRsSTuUVwWxXyYzZ%'];
    const days = [at, Date.UTC(2026, 0, 1) * 1000, Date.UTC(2024, 11, 31, 23, 59, 59) * 1000];
    for (const name of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
      inZone(name);
      for (const day of days) {
        for (const letter of letters) {
          if (letter === 'Z' && name === 'Asia/Kolkata') continue;
          const env = { PATH: process.env.PATH ?? '', TZ: name, LC_ALL: 'C' };
          const expected = dates(day / 1e6, letters, env)[letters.indexOf(letter)];
          expect(`${name} %${letter} ${say(`%${letter}`, day)}`).toBe(`${name} %${letter} ${expected}`);
        }
      }
    }
  });

  test('an empty datagram means %Y-%m-%d %X', () => {
    inZone('UTC');
    expect(say('')).toBe('2026-07-04 09:05:03');
  });

  test('TZ is honoured, in summer too', () => {
    inZone('Europe/Berlin');
    expect(say('%H %z %:z %j')).toBe('11 +0200 +02:00 185');
  });

  test('what is no conversion is kept, of any script', () => {
    inZone('UTC');
    expect(say('%Y年%m月%d日, 100%%')).toBe('2026年07月04日, 100%');
    expect(say('%-d.%-m. %_H')).toBe('4.7.  9');
  });

  test.each([
    ['%Q', 'error: unknown conversion %Q; known are those of strftime in C'],
    ['at %', 'error: unknown conversion %; known are those of strftime in C'],
    ['%é', 'error: unknown conversion %é; known are those of strftime in C'],
    ['%Ey', 'error: unknown conversion %E; known are those of strftime in C'],
    [Buffer.from('25c3', 'hex'), 'error: the format is not UTF-8'],
    ['x'.repeat(513), 'error: the time in this format is longer than 512 bytes'],
    ['é'.repeat(257), 'error: the time in this format is longer than 512 bytes'],
    ['%A'.repeat(100), 'error: the time in this format is longer than 512 bytes'],
  ])('%j is answered in words', (format, expected) => {
    expect(say(format)).toBe(expected);
  });

  test('the limit is looked at while the reply is made, and each conversion is worked out once', () => {
    inZone('Europe/Berlin');
    const tooLong = 'error: the time in this format is longer than 512 bytes';
    // What comes after the limit is not looked at: neither an unknown conversion nor what is not UTF-8.
    expect(say(`${'%c'.repeat(30)}%Q`)).toBe(tooLong);
    expect(say(Buffer.alloc(1537, 0xff))).toBe(tooLong);
    for (const part of ['%Z', '%c', '%j', '%V', '%-d', '%%', 'x']) {
      expect(say(part.repeat(32_000 / part.length))).toBe(tooLong);
    }
    say('%Z');
    const asked = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    const made = vi.spyOn(Intl, 'DateTimeFormat');
    for (const times of [1, 100, 32_000]) say('%Z'.repeat(times));
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3 * 2);
    expect(made.mock.calls.length).toBe(0);
    vi.restoreAllMocks();
  });

  test('the longest request that fits a reply is answered in full', () => {
    inZone('UTC');
    expect(say('%-d'.repeat(512))).toBe('4'.repeat(512));
    expect(say('%-d'.repeat(513))).toContain('longer than 512 bytes');
  });

  test('whatever comes, the reply has at most 512 bytes', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('%', '%%', '%c', '%-', '%Z', '%0', 'é'),
    );
    const format = fc.oneof(
      fc.array(part, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
      fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(format, fc.integer({ min: -1e16, max: 9e15 }), (bytes, when) => {
        expect(Buffer.byteLength(timeInFormat(bytes, when))).toBeLessThanOrEqual(REPLY_LIMIT);
      }),
    );
  });

  test('is asked for and answered over UDP', async () => {
    await using server = await started();
    using client = await udpClient();
    const { text } = await client.ask('', server.text);
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect((await client.ask('%Q', server.text)).text).toContain('unknown conversion %Q');
  });
});

const printed = new Map<string, string[]>();

/** What date(1) prints for each conversion. */
function dates(seconds: number, letters: string[], env: Record<string, string>): string[] {
  const key = `${seconds} ${env.TZ}`;
  const known = printed.get(key);
  if (known !== undefined) return known;
  const format = letters.map((letter) => `%${letter}`).join('\x01');
  const out = execFileSync('date', ['-d', `@${seconds}`, `+${format}`], { env, encoding: 'utf8' });
  const parts = out.slice(0, -1).split('\x01');
  printed.set(key, parts);
  return parts;
}

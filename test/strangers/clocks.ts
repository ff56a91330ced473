/** Strangers' clients and servers of the time, from Debian's packages, across the LAN: chronyd, ntpdig, rdate, ncat, curl and inetd. */
import { type Lab, lab, type WrittenHost } from 'lanlab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../lab/engines/engine.ts';
import { inetd } from './inetd.ts';
import { shellIn, strangersOn } from './shell.ts';

export const CLOCK_PROGRAMS = ['chronyd', 'curl', 'inetd', 'ncat', 'ntpdig', 'rdate'] as const;

const HOUR = 3600;
/** On one way only: the server seems to be late by half of it (RFC 5905, section 8). */
const LINK = { delay: '5ms' } as const;
const ONE_WAY = 0.005;

export function clocks(engine: Engine, subnet: string): void {
  const stranger: WrittenHost = { ...strangersOn(engine), networks: ['lan'] };
  const clock: WrittenHost = { service: 'time', networks: ['lan'] };
  let net: Lab;
  const { types, prints } = shellIn(engine, () => net);
  beforeAll(async () => {
    const hosts = {
      ...{ one: clock, two: clock, wrong: { ...clock, env: { OFFSET: HOUR } }, hurried: clock },
      ...{ alice: stranger, inetd: inetd(engine), chrony: { ...stranger, command: CHRONY } },
    };
    net = await lab({ lab: 'clocks', networks: { lan: subnet }, hosts }, { engine });
  });
  afterAll(() => net?.down());

  /** Seconds by which what a client printed is ahead of this machine's clock, to the second. */
  const ahead = (printed: string): number => Date.parse(printed) / 1000 - Date.now() / 1000;
  const about = (seconds: number) => ({
    asymmetricMatch: (found: unknown) => Math.abs(Number(found) - seconds) < 30,
    toAsymmetricMatcher: () => `about ${seconds}`,
  });

  test.each(['one', 'inetd'])('rdate, ncat and curl read the time of %s', async (host) => {
    for (const line of [
      ...[`rdate -p ${host}`, `rdate -u -p ${host}`],
      ...[
        `ncat --recv-only ${host} 13`,
        `{ echo; sleep 1; } | ncat -u -i 5 ${host} 13`,
        `curl -sS telnet://${host}:13`,
      ],
    ]) {
      expect([line, ahead(await prints('alice', line))]).toEqual([line, about(0)]);
    }
  });

  test('rdate and ncat read that a clock is wrong by an hour', async () => {
    for (const line of ['rdate -p wrong', 'rdate -n -p wrong', 'ncat --recv-only wrong 13']) {
      expect([line, ahead(await prints('alice', line))]).toEqual([line, about(HOUR)]);
    }
  });

  test.each([
    ['one', 2, 0],
    ['wrong', 2, HOUR],
    ['chrony', 5, 0],
  ])('ntpdig finds out how wrong %s is', async (host, stratum, seconds) => {
    const [, offset, by] =
      / ([+-][\d.]+) \+\/- [\d.]+ \S+ \S+ s(\d+) /.exec(await prints('alice', `ntpdig ${host}`)) ?? [];
    expect([Number(by), Math.abs(Number(offset) - seconds) < 0.5]).toEqual([stratum, true]);
  });

  /** Seconds by which chronyd says that the machine's clock is wrong. */
  const found = async (...servers: string[]): Promise<number> => {
    const words = servers.map((server) => `"server ${server} iburst"`).join(' ');
    const said = await prints('alice', `chronyd -U -Q -t 20 ${words} "cmdport 0" "pidfile /tmp/it/once"`);
    return Number(/System clock wrong by (-?[\d.]+) seconds/.exec(said)?.[1] ?? Number.NaN);
  };

  // These tests mostly wait for chronyd, so they run side by side.
  test.concurrent('chronyd believes one server, and of three the two that agree; its bursts are not too much', async () => {
    expect(await found('wrong')).toBeCloseTo(HOUR, 1);
    expect(await found('one', 'wrong', 'two')).toBeCloseTo(0, 1);
    for (const host of ['one', 'two', 'wrong']) {
      expect(net.host(host).events.all({ event: 'refuse' })).toEqual([]);
      expect(net.host(host).events.all({ event: 'receive' }).length).toBeGreaterThan(0);
    }
  });

  test.concurrent('chronyd hears the kiss-o’-death where it asks too often', async () => {
    const said = await types(
      'alice',
      'timeout 8 chronyd -U -x -d "server hurried iburst minpoll -6 maxpoll -6" "cmdport 0" "pidfile /tmp/it/often" 2>&1 | grep -m1 KoD',
    );
    expect(said.text).toContain(`Received KoD RATE from ${net.host('hurried').address}`);
    const [refused] = net.host('hurried').events.all({ event: 'refuse' });
    expect(refused).toMatchObject({ reason: 'this address asks more than 16 times a second' });
  });

  // The answer with the shortest delay tells most. Where the machine is busy, most answers come late.
  test.concurrent('our client and chronyd find the same offset and delay of a chronyd, to a millisecond', {
    timeout: 120_000,
  }, async () => {
    await using _ = await net.fault({ ...LINK, on: { out: 'chrony' } });
    const line = [
      'rm -rf log; timeout 2 chronyd -u root -U -x -d "server chrony minpoll -4 maxpoll -4" "cmdport 0"',
      '"pidfile /tmp/it/measures" "logdir /tmp/it/log" "log rawmeasurements" >/dev/null 2>&1; cat log/measurements.log || true',
    ].join(' ');
    const measured = async () => {
      const rows = (await prints('alice', line)).split('\n').filter((row) => /^\d{4}-/.test(row));
      // Of the columns (chrony.conf(5), log) the twelfth is the offset, and the next the delay. From the fourth row on they are
      // what is left beside chrony's own estimate.
      return rows.slice(0, 3).map((row) => row.split(/\s+/).slice(11, 13).map(Number) as [number, number]);
    };
    let [offset, delay] = [Number.NaN, Number.POSITIVE_INFINITY];
    for (let times = 0; times < 10 && delay > ONE_WAY + 0.0007; times += 1) {
      for (const [by, late] of await measured()) if (late < delay) [offset, delay] = [by, late];
    }
    expect(delay).toBeLessThan(1);
    let best = await net.host('alice').ntp('chrony');
    for (let asked = 0; asked < 2000 && best.delay - delay > 0.0005; asked += 1) {
      const other = await net.host('alice').ntp('chrony');
      if (other.delay < best.delay) best = other;
    }
    expect(best.delay).toBeGreaterThan(ONE_WAY);
    expect(best.offset).toBeLessThan(-0.001);
    expect(Math.abs(best.offset - offset)).toBeLessThan(0.001);
    expect(Math.abs(best.delay - delay)).toBeLessThan(0.001);
  });
}

const CHRONY = [
  ...['chronyd', '-d', '-x', '-U', 'local stratum 5', 'allow all', 'cmdport 0'],
  ...['bindcmdaddress /', 'pidfile /tmp/chronyd.pid'],
];

/** The output of ping read, and what a step makes of the numbers. */
import { describe, expect, test } from 'vitest';
import { readCondition } from '../../lab/expectations/condition.ts';
import type { Step } from '../../lab/model/types.ts';
import { begin } from '../../lab/outcomes/outcome.ts';
import { conclude } from '../../lab/steps/ping.ts';
import { type Pinged, readPing } from '../../lab/steps/ping-output.ts';

describe("ping's output", () => {
  test('of iputils', () => {
    const output = `PING 10.50.1.10 (10.50.1.10) 56(84) bytes of data.
64 bytes from 10.50.1.10: icmp_seq=1 ttl=64 time=0.059 ms

--- 10.50.1.10 ping statistics ---
3 packets transmitted, 2 received, 33% packet loss, time 402ms
rtt min/avg/max/mdev = 0.025/0.042/0.059/0.017 ms
`;
    expect(readPing(output)).toEqual({
      ...{ sent: 3, received: 2, rtt: 0.042, unreachable: false },
      times: [0.059],
    });
  });

  test('of iputils, where nobody has the address', () => {
    const output = `PING 10.50.1.99 (10.50.1.99) 56(84) bytes of data.
From 10.50.1.21 icmp_seq=1 Destination Host Unreachable

--- 10.50.1.99 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms
`;
    expect(readPing(output)).toMatchObject({
      ...{ sent: 1, received: 0, unreachable: true },
      error: { errno: 'EHOSTUNREACH', says: 'destination host unreachable', from: '10.50.1.21' },
    });
  });

  test.each([
    ['From 10.1.1.1 icmp_seq=1 Time to live exceeded', 'EHOSTUNREACH', 'time to live exceeded'],
    ['From fd00::1 icmp_seq=1 Time exceeded: Hop limit', 'EHOSTUNREACH', 'time to live exceeded'],
    ['From 10.1.1.1 icmp_seq=1 Packet filtered', 'EHOSTUNREACH', 'administratively prohibited'],
    [
      'From fd00::1%eth0: icmp_seq=1 Destination unreachable: Administratively prohibited',
      ...['EHOSTUNREACH', 'administratively prohibited'],
    ],
    ['From 10.1.1.1 icmp_seq=1 Destination Net Unreachable', 'ENETUNREACH', 'destination net unreachable'],
    [
      'From fd00::1 icmp_seq=1 Destination unreachable: No route',
      'ENETUNREACH',
      'destination unreachable: no route',
    ],
    ['ping: warning: got ICMP 11 (Time Exceeded)', 'EHOSTUNREACH', 'time exceeded'],
  ])('an ICMP error is no silence: %s', (line, errno, says) => {
    const output = `${line}\n\n1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms\n`;
    const error = readPing(output)?.error;
    expect(error).toMatchObject({ kind: 'unreachable', errno, says });
    expect([undefined, '10.1.1.1', 'fd00::1']).toContain(error?.from);
  });

  test.each([
    [
      'From 10.1.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)',
      '10.1.1.1',
      'fragmentation needed, MTU 1400',
    ],
    ['From 10.1.1.1 icmp_seq=1 Frag needed and DF set (mtu = 0)', '10.1.1.1', 'fragmentation needed'],
    ['From fd00::1 icmp_seq=1 Packet too big: mtu=1400', 'fd00::1', 'fragmentation needed, MTU 1400'],
    ['ping: local error: message too long, mtu=1400', undefined, 'message too long, MTU 1400'],
    ['ping: local error: message too long, mtu: 1400', undefined, 'message too long, MTU 1400'],
    ['ping: sendmsg: Message too long', undefined, 'message too long'],
  ])('a packet too large for the way is said to be that, with the MTU: %s', (line, from, says) => {
    const error = readPing(`${line}\n1 packets transmitted, 0 received, +1 errors\n`)?.error;
    expect(error).toMatchObject({ kind: 'too-large', errno: 'EMSGSIZE', says });
    expect([error?.from, error?.mtu]).toEqual([from, says.includes('1400') ? 1400 : undefined]);
  });

  test('a request that its own kernel refuses has not been sent', () => {
    const output = `From 10.1.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)
ping: local error: message too long, mtu=1400
ping: local error: message too long, mtu=1400

--- 10.50.1.10 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 402ms
`;
    expect(readPing(output)).toMatchObject({ sent: 1, unsent: 2, error: { from: '10.1.1.1', mtu: 1400 } });
  });

  test('a redirect is no error', () => {
    const output =
      'From 10.1.1.1 icmp_seq=1 Redirect Host(New nexthop: 10.1.1.2)\n1 packets transmitted, 0 received\n';
    expect(readPing(output)).toEqual({ sent: 1, received: 0, unreachable: false });
  });

  test.each([
    ['ping: connect: Network is unreachable', 'unreachable', 'ENETUNREACH', 'connect'],
    ['connect: Network is unreachable', 'unreachable', 'ENETUNREACH', 'connect'],
    ['ping: sendto: Network unreachable', 'unreachable', 'ENETUNREACH', 'sendto'],
    ['ping: connect: No route to host', 'unreachable', 'EHOSTUNREACH', 'connect'],
    ['ping: socket: Address family not supported by protocol', 'unreachable', 'EAFNOSUPPORT', 'ping'],
    ['ping: fd00::1: Address family for hostname not supported', 'unreachable', 'EAFNOSUPPORT', 'ping'],
    ['ping: connect: Cannot assign requested address', 'not-available', 'EADDRNOTAVAIL', 'connect'],
    ['ping: connect: Permission denied', 'not-permitted', 'EACCES', 'connect'],
    ['ping: Do you want to ping broadcast? Then -b. If not, check', 'not-permitted', 'EACCES', 'ping'],
  ])("where nothing is sent, its own kernel's word: %s", (line, kind, errno, syscall) => {
    expect(readPing(`${line}\n`)).toMatchObject({ sent: 0, received: 0, error: { kind, errno, syscall } });
  });

  test('of busybox', () => {
    const output = `3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 0.050/0.061/0.070 ms
`;
    expect(readPing(output)).toEqual({ sent: 3, received: 3, rtt: 0.061, unreachable: false });
  });

  test('a second copy of an answer is no time of its own', () => {
    const output = `64 bytes from 10.1.1.1: icmp_seq=1 ttl=64 time=20.5 ms
64 bytes from 10.1.1.1: icmp_seq=1 ttl=64 time=40.5 ms (DUP!)
64 bytes from 10.1.1.1: icmp_seq=2 ttl=64 time=21 ms
2 packets transmitted, 2 received, +1 duplicates, 0% packet loss, time 201ms
`;
    expect(readPing(output)).toMatchObject({ received: 2, times: [20.5, 21] });
  });

  test('without a summary is none', () => {
    expect(readPing('ping: socket: Operation not permitted\n')).toBeUndefined();
  });
});

describe('what ping counted', () => {
  const where = { file: 'test.yaml', line: 1, column: 1 };
  const step: Step = {
    index: 1,
    at: 'alice',
    kind: 'ping',
    args: {},
    before: [],
    do: [],
    expect: [],
    shows: [],
    where,
  };
  const concluded = (pinged: Pinged, one = step) => {
    const outcome = begin('ping alice > 10.50.1.10');
    conclude(pinged, 12, outcome, one);
    return outcome;
  };

  const error = {
    ...{ kind: 'unreachable' as const, errno: 'EHOSTUNREACH', syscall: 'ping' },
    ...{ says: 'time to live exceeded', from: 'rr' },
  };
  const none = { sent: 3, received: 0, unreachable: false };

  test('no answer is a timeout where nothing came, else what was said', () => {
    expect(concluded(none).failure).toMatchObject({ kind: 'timeout', errno: 'ETIMEDOUT' });
    expect(concluded({ ...none, error }).failure).toMatchObject({
      ...{ kind: 'unreachable', errno: 'EHOSTUNREACH', after: 12 },
      message: 'ping: no echo reply: time to live exceeded, from rr',
    });
  });

  test('what its own kernel refused was not sent', () => {
    const unsent = { ...error, errno: 'ENETUNREACH', syscall: 'connect' };
    const outcome = concluded({ ...none, sent: 0, error: unsent });
    expect(outcome.did).toMatch(/, nothing sent$/);
    expect(outcome.fields).toEqual({ sent: 0, received: 0 });
    expect(outcome.failure).toMatchObject({ errno: 'ENETUNREACH', syscall: 'connect' });
  });

  test('that there is none may be what the step claims', () => {
    const claiming = (value: unknown, ...more: string[]) => ({
      ...step,
      expect: [
        { kind: 'fields', value: { received: value }, where },
        ...more.map((kind) => ({ kind, value: 'unreachable', where })),
      ],
    });
    const zero = readCondition(0);
    const outcome = concluded({ ...none, error }, claiming(zero));
    expect(outcome.failure).toBeUndefined();
    expect(outcome.did).toMatch(/0 of 3 answered: time to live exceeded, from rr$/);
    expect(concluded({ ...none, error }, claiming(zero, 'fails')).failure?.kind).toBe('unreachable');
    expect(concluded(none, claiming(readCondition(1))).failure?.kind).toBe('timeout');
  });

  test('every request must be answered', () => {
    expect(concluded({ sent: 3, received: 3, rtt: 1, unreachable: false }).checks).toEqual([]);
    expect(concluded({ sent: 3, received: 2, rtt: 1, unreachable: false }).checks).toMatchObject([
      { held: false, expected: '3 answers', found: '2' },
    ]);
  });

  test('one that was not sent is not answered either', () => {
    const pinged = { sent: 2, unsent: 1, received: 2, rtt: 1, unreachable: false };
    expect(concluded(pinged).checks).toMatchObject([{ held: false, expected: '3 answers', found: '2' }]);
  });

  test('the MTU that it was told is a field', () => {
    const large = { ...error, kind: 'too-large' as const, errno: 'EMSGSIZE', mtu: 1400 };
    const { fields, failure } = concluded({ ...none, error: large });
    expect([fields.mtu, failure?.kind]).toEqual([1400, 'too-large']);
  });

  test('unless the step says how many', () => {
    const said = { ...step, expect: [{ kind: 'fields', value: { received: 2 }, where }] };
    expect(concluded({ sent: 3, received: 2, rtt: 1, unreachable: false }, said).checks).toEqual([]);
  });

  test('how many are lost may be said in percent', () => {
    const said = { ...step, expect: [{ kind: 'fields', value: { loss: readCondition('< 50') }, where }] };
    const outcome = concluded({ sent: 4, received: 3, rtt: 1, unreachable: false }, said);
    expect([outcome.checks, outcome.fields.loss]).toEqual([[], 25]);
    const all = { ...step, expect: [{ kind: 'fields', value: { loss: readCondition(100) }, where }] };
    expect(concluded(none, all).failure).toBeUndefined();
  });

  test('the round-trip times have their least, their middle, and their greatest', () => {
    const times = [4, 1, 3, 2];
    const { fields } = concluded({ sent: 4, received: 4, rtt: 2.5, times, unreachable: false });
    expect(fields).toMatchObject({ min: 1, median: 2.5, p99: 4, max: 4 });
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(concluded({ sent: 100, received: 100, times: hundred, unreachable: false }).fields.p99).toBe(99);
  });
});

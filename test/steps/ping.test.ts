import { describe, expect, test } from 'vitest';
import { begin } from '../../lab/outcomes/outcome.ts';
import type { Step } from '../../lab/scenario/types.ts';
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
    expect(readPing(output)).toEqual({ sent: 3, received: 2, rtt: 0.042, unreachable: false });
  });

  test('of iputils, where nobody has the address', () => {
    const output = `PING 10.50.1.99 (10.50.1.99) 56(84) bytes of data.
From 10.50.1.21 icmp_seq=1 Destination Host Unreachable

--- 10.50.1.99 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms
`;
    expect(readPing(output)).toEqual({ sent: 1, received: 0, unreachable: true });
  });

  test('of busybox', () => {
    const output = `3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 0.050/0.061/0.070 ms
`;
    expect(readPing(output)).toEqual({ sent: 3, received: 3, rtt: 0.061, unreachable: false });
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

  test('no answer is a timeout, or unreachable where somebody said so', () => {
    expect(concluded({ sent: 3, received: 0, unreachable: false }).failure?.kind).toBe('timeout');
    expect(concluded({ sent: 3, received: 0, unreachable: true }).failure?.kind).toBe('unreachable');
  });

  test('every request must be answered', () => {
    expect(concluded({ sent: 3, received: 3, rtt: 1, unreachable: false }).checks).toEqual([]);
    expect(concluded({ sent: 3, received: 2, rtt: 1, unreachable: false }).checks).toMatchObject([
      { held: false, expected: '3 answers', found: '2' },
    ]);
  });

  test('unless the step says how many', () => {
    const said = { ...step, expect: [{ kind: 'fields', value: { received: 2 }, where }] };
    expect(concluded({ sent: 3, received: 2, rtt: 1, unreachable: false }, said).checks).toEqual([]);
  });
});

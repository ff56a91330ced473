/** The words of ss about a connection, read. */
import { expect, test } from 'vitest';
import { readTcpInfo } from '../../lab/steps/tcp-info.ts';

const LINE =
  'ESTAB 0 0 10.1.1.1:40000 10.1.1.2:9000\n\t cubic wscale:7,7 rto:244 rtt:40.2/0.5 mss:1448 cwnd:10';

test('a connection that was never sent anything again has no retransmissions', () => {
  expect(readTcpInfo(`${LINE} bytes_retrans:0\n`)).toEqual({ retransmissions: 0, rtt: 40.2 });
});

test('retransmissions are all that there were, and not those that are on their way', () => {
  expect(readTcpInfo(`${LINE} bytes_retrans:2896 retrans:1/2 minrtt:39\n`)).toEqual({
    retransmissions: 2,
    rtt: 40.2,
  });
});

test('of a connection that is not there nothing is said', () => {
  expect(readTcpInfo('')).toBeUndefined();
});

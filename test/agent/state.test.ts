/** How the agent reads the lines of `ss` as sockets: every form of an address and a port, and every state. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSocketAddress, parseSocketLine } from '../../lab/agent/state.ts';

const port = fc.integer({ min: 0, max: 65_535 });

test('any IPv4 address and port is read as printed, mapped and on a card too', () => {
  fc.assert(
    fc.property(fc.ipV4(), port, (address, number) => {
      for (const printed of [address, `[::ffff:${address}]`, `${address}%eth0`]) {
        expect(parseSocketAddress(`${printed}:${number}`)).toEqual({ address, port: number });
      }
    }),
  );
});

test('any IPv6 address and port is read as printed, on a card too', () => {
  fc.assert(
    fc.property(
      fc.ipV6().filter((address) => !address.includes('.')),
      port,
      (address, number) => {
        for (const printed of [`[${address}]`, `[${address}]%eth0`, `[${address}%eth0]`]) {
          expect(parseSocketAddress(`${printed}:${number}`)).toEqual({ address, port: number });
        }
      },
    ),
  );
});

test('every address is `*`, and a peer that is not there has port 0', () => {
  expect(parseSocketAddress('*:80')).toEqual({ address: '::', port: 80 });
  expect(parseSocketAddress('0.0.0.0:*')).toEqual({ address: '0.0.0.0', port: 0 });
});

test('a line of ss is a socket', () => {
  expect(parseSocketLine('tcp   ESTAB  3      12      10.0.0.1:80    [::ffff:10.0.0.2]:51000 ')).toEqual({
    transport: 'tcp',
    state: 'ESTAB',
    receiveQueue: 3,
    sendQueue: 12,
    local: { address: '10.0.0.1', port: 80 },
    peer: { address: '10.0.0.2', port: 51_000 },
  });
});

test('any other line is none', () => {
  for (const line of ['', 'tcp LISTEN', 'u_str ESTAB 0 0 a b', 'Netid State Recv-Q Send-Q Local Peer']) {
    expect(parseSocketLine(line)).toBeUndefined();
  }
  fc.assert(fc.property(fc.string(), (line) => void parseSocketLine(line)));
});

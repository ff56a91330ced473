/** Forwarded ports, followed from NAT to NAT in a plan. */
import { describe, expect, test } from 'vitest';
import { forwardsOf } from '../../lab/model/forwards.ts';
import { planOf } from '../lab.ts';

/** Two NATs in a row. */
const { hosts } = planOf(`
lab: forwards
networks: { home: 10.50.1.0/24, isp: 10.50.2.0/24, out: 10.50.3.0/24 }
hosts:
  box: { forward: true, networks: { home: 10.50.1.1, isp: 10.50.2.2 }, nat: { outside: isp, ports: { "8080": "web:9000", udp: { "53": "web" } } } }
  cgn: { forward: true, networks: { isp: 10.50.2.1, out: 10.50.3.1 }, nat: { outside: out, ports: { "80": "box:8080", "81": "box:81", udp: { "80": "box:53" } } } }
  web: { gateway: box, networks: { home: 10.50.1.10 } }
steps: []
`);

const follow = (transport: 'tcp' | 'udp', address: string, port: number, asker?: string) =>
  forwardsOf(hosts, { transport, address, port }, asker).map(
    ({ router, to, toPort }) => `${router} > ${to}:${toPort}`,
  );

describe('a forwarded port', () => {
  test('leads to a host inside', () => {
    expect(follow('tcp', '10.50.2.2', 8080)).toEqual(['box > 10.50.1.10:9000']);
  });

  test('of a NAT may lead to one of the next', () => {
    expect(follow('tcp', '10.50.3.1', 80)).toEqual(['cgn > 10.50.2.2:8080', 'box > 10.50.1.10:9000']);
  });

  test('is one of its transport', () => {
    expect(follow('udp', '10.50.3.1', 80)).toEqual(['cgn > 10.50.2.2:53', 'box > 10.50.1.10:53']);
    expect(follow('udp', '10.50.2.2', 8080)).toEqual([]);
  });

  test('ends where the next one forwards it no further', () => {
    expect(follow('tcp', '10.50.3.1', 81)).toEqual(['cgn > 10.50.2.2:81']);
  });

  test('is one of the address outside alone', () => {
    expect(follow('tcp', '10.50.1.1', 8080)).toEqual([]);
  });

  test('is not for what the router sends itself, but for what another sends back to it', () => {
    expect(follow('tcp', '10.50.2.2', 8080, 'box')).toEqual([]);
    expect(follow('tcp', '10.50.3.1', 80, 'box')).toEqual(['cgn > 10.50.2.2:8080', 'box > 10.50.1.10:9000']);
  });

  test('that leads in a circle is followed once around', () => {
    const router = (name: string, address: string, to: string) => ({
      name,
      nat: { outside: 'eth0', address, ports: [{ transport: 'tcp' as const, port: 7, to, toPort: 7 }] },
    });
    const circle = [router('left', '10.50.1.3', '10.50.1.4'), router('right', '10.50.1.4', '10.50.1.3')];
    const chain = forwardsOf(circle, { transport: 'tcp', address: '10.50.1.4', port: 7 });
    expect(chain.map((one) => one.router)).toEqual(['right', 'left']);
  });
});

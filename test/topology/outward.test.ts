/** A network that leads out of the lab, on Docker: the engine's address answers there, and nowhere else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, look, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const OUTWARD = `
lab: outward
networks: { home: 10.111.11.0/24, out: { subnet: 10.111.12.0/24, internet: true } }
hosts:
  router: { forward: true, networks: { home: 10.111.11.1, out: 10.111.12.1 } }
  alice: { networks: { home: 10.111.11.21 } }
  bob: { networks: { out: 10.111.12.21 } }
  careful: { networks: { out: 10.111.12.22 }, gateway: none }
  echo: { service: tcp-echo, networks: { home: 10.111.11.10 } }
`;

const { lacking } = await dockerEngine().probe();

describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'a network that leads out', () => {
  let lab: LiveLab;
  const ping = (from: string, address: string) =>
    shell(hostOf(lab, from), `ping -n -c1 -W1 ${address} || true`);

  beforeAll(async () => {
    lab = await labOf(dockerEngine(), OUTWARD);
  }, 60_000);
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]();
  }, 60_000);

  test('has the engine’s address for a default route, and that answers', async () => {
    expect(await shell(hostOf(lab, 'bob'), 'ip route show default')).toContain('via 10.111.12.254 dev eth0');
    expect(await ping('bob', '10.111.12.254')).toContain('bytes from 10.111.12.254');
  });

  test('gives no default route to a host that wants none', async () => {
    expect(await shell(hostOf(lab, 'careful'), 'ip route show default')).toBe('');
  });

  test('does not open the others: nothing answers at the engine’s address there', async () => {
    expect(await ping('alice', '10.111.11.254')).not.toContain('bytes from');
    expect(await ping('bob', '10.111.11.254')).not.toContain('bytes from');
  });

  test('translates nothing between the lab’s own networks', async () => {
    const { agent } = hostOf(lab, 'bob');
    const to = { address: '10.111.11.10', port: 9000 };
    const { handle, local } = await agent.tcpConnect({ to, giveUp: 5000 });
    expect(local.address).toBe('10.111.12.21');
    const event = await hostOf(lab, 'echo').events.first(({ peer }) => peer?.port === local.port, 5000);
    expect(event?.peer).toEqual(local);
    await agent.close({ handle });
  });

  test('shows of the engine’s own frames none that nobody asked for', async () => {
    const looking = await look(hostOf(lab, 'careful'));
    await ping('bob', '10.111.12.254');
    const frames = await looking.stop();
    expect(frames.filter((line) => /IGMP|ICMP6|IPv6/i.test(line))).toEqual([]);
  });
});

/** A host that goes to another network: what it and the others see of it, by raw looks, and what comes back with it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { internals } from '../../lab/api/internals.ts';
import { lab as bringUp, type Lab } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import type { Fault } from '../../lab/faults/fault.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { hostOf, look, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

const LAB = (net: number) => ({
  lab: 'moving',
  networks: {
    wifi: `10.${net}.1.0/24`,
    lte: { subnet: `10.${net}.2.0/24`, link: { delay: '20ms' } },
    cafe: { subnet: `10.${net}.3.0/24`, dhcp: 'till', dns: 'till' },
  },
  hosts: {
    home: { forward: true, networks: { wifi: `10.${net}.1.1`, lte: `10.${net}.2.1`, cafe: `10.${net}.3.1` } },
    phone: { networks: { wifi: `10.${net}.1.20` } },
    alice: { networks: { wifi: `10.${net}.1.21` } },
    echo: { service: 'tcp-echo' as const, networks: { lte: `10.${net}.2.10` } },
    till: { networks: { cafe: `10.${net}.3.2` } },
  },
});

/** What links did before a host went away and came back is in the report. */
const LINKED = (net: number) => `
lab: linked
networks:
  wifi: { subnet: 10.${net}.4.0/24, link: { loss: 100% } }
  lte: 10.${net}.5.0/24
hosts:
  phone: { networks: { wifi: 10.${net}.4.20 } }
  mast: { networks: { lte: 10.${net}.5.1 } }
steps:
  - { at: phone, exec: "ip neigh add 10.${net}.4.98 lladdr 02:00:00:00:00:98 dev eth0" }
  - { at: phone, udp: { to: "10.${net}.4.98:9000", send: lost } }
  - { fault: { move: { host: phone, to: lte }, as: away } }
  - { at: phone, ping: { to: mast } }
  - { heal: away }
`;

/** Networks are 10.NET.x.0/24. */
export async function movingContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `hosts that move on ${engine.name}`, () => {
    let lab: Lab;
    const host = (name: string) => hostOf(lab[internals], name);
    const at = (network: number, last: number) => `10.${net}.${network}.${last}`;
    const move = (to: string, more = {}): Promise<Fault> =>
      lab.fault({ move: { host: 'phone', to, ...more } });
    const stateOf = async () => {
      const { agent } = host('phone');
      const [interfaces, routes, names] = await Promise.all([
        agent.interfaces(),
        agent.routes(),
        shell(host('alice'), 'cat /etc/hosts'),
      ]);
      return { interfaces, routes, names };
    };

    beforeAll(async () => {
      lab = await bringUp(LAB(net) as unknown as Parameters<typeof bringUp>[0], { engine });
    });
    afterAll(async () => {
      await lab?.down();
    });

    test('has an address and the routes of the other network, and comes back as it was', async () => {
      const before = await stateOf();
      const away = await move('lte', { address: at(2, 20) });
      expect(away.did).toBe(`moved phone from wifi (${at(1, 20)}) to lte (${at(2, 20)})`);
      expect(await shell(host('phone'), 'ip -4 -o address show dev eth0')).toContain(`${at(2, 20)}/24`);
      const routes = await shell(host('phone'), 'ip route');
      expect(routes).toContain(`default via ${at(2, 1)} dev eth0`);
      expect(routes).not.toContain(at(1, 0));
      expect(await shell(host('phone'), `ping -c1 -W5 ${at(1, 21)}`)).toContain('ttl=63');
      expect(await away.heal()).toBe(`moved phone back to wifi (${at(1, 20)})`);
      expect(await stateOf()).toEqual(before);
      expect(await shell(host('phone'), `ping -c1 -W5 ${at(1, 21)}`)).toContain('ttl=64');
    });

    test('is called by its name at the new address, and its old one is nobody’s', async () => {
      await shell(host('alice'), 'ping -c1 -W5 phone');
      await using _ = await move('lte');
      const address = lab.host('phone').address;
      expect(address).not.toBe(at(1, 20));
      expect(await shell(host('alice'), 'ping -c1 -W5 phone')).toContain(`(${address})`);
      expect(lab.host('alice').addresses).toEqual({ wifi: at(1, 21) });
      await expect(
        host('alice').agent.tcpConnect({ to: { address: at(1, 20), port: 9000 }, giveUp: 400 }),
      ).rejects.toMatchObject({ data: { kind: 'timeout' } });
    });

    test('sends on the new network and not on the old one', async () => {
      await using _ = await move('lte');
      const [old, come] = await Promise.all([look(host('alice')), look(host('echo'))]);
      await shell(
        host('phone'),
        `ping -b -c1 -W0.2 ${at(2, 255)} >/dev/null 2>&1; ping -c1 -W5 ${at(2, 10)}`,
      );
      const [atAlice, atEcho] = await Promise.all([old.stop(), come.stop()]);
      const { mac } = host('phone').plan.interfaces[0]!;
      expect(atAlice.filter((line) => line.includes(`${mac} >`))).toEqual([]);
      expect(atEcho.some((line) => line.includes(`${mac} >`))).toBe(true);
    });

    test('leaves its connections to themselves: what is sent on them comes nowhere', async () => {
      const line = await lab.host('phone').tcp('echo:9000');
      await line.write('hello');
      expect(String(await line.read(5))).toBe('HELLO');
      const away = await move('lte');
      await line.write('anybody').catch(() => {});
      await expect(line.read(7, { giveUp: 400 })).rejects.toThrow();
      await line.close().catch(() => {});
      const other = await lab.host('phone').tcp('echo:9000');
      await other.write('again');
      expect(String(await other.read(5))).toBe('AGAIN');
      await other.close();
      await away.heal();
    });

    test('meets the links of the network on which it is', async () => {
      const shortest = async (to: string) => {
        const said = await shell(host('phone'), `ping -c2 -i0.01 -W5 ${to}`);
        return Number(/= ([\d.]+)\//.exec(said)![1]);
      };
      for (const _ of [1, 2]) {
        const away = await move('lte');
        expect(await shortest(at(2, 10))).toBeGreaterThanOrEqual(40);
        await away.heal();
        const { tallies } = await host('phone').agent.accountOfCables();
        expect(tallies).toEqual([]);
      }
    });

    test('gets its address, its routes and its name server by DHCP where the network has it', async () => {
      const away = await move('cafe');
      const { leased } = host('phone').plan.interfaces[0]!;
      expect(leased?.server).toBe(at(3, 2));
      expect(await shell(host('phone'), 'cat /etc/resolv.conf')).toContain(at(3, 2));
      expect(await shell(host('phone'), 'ip route')).toContain(`default via ${at(3, 1)} dev eth0`);
      await shell(host('phone'), 'ping -c1 -W5 till');
      await away.heal();
      expect(await shell(host('phone'), 'cat /etc/resolv.conf')).not.toContain(at(3, 2));
      expect(await shell(host('phone'), 'pgrep udhcpc || true')).toBe('');
    });

    test('takes a cut with it: the cut is of hosts that meet again', async () => {
      await using _ = await lab.cut('phone', 'echo');
      await using __ = await move('lte');
      await expect(
        host('phone').agent.tcpConnect({ to: { address: at(2, 10), port: 9000 }, giveUp: 400 }),
      ).rejects.toMatchObject({ data: { kind: 'timeout' } });
      await shell(host('phone'), `ping -c1 -W5 ${at(2, 1)}`);
    });

    test('has left links whose tallies are in the report, and none of the network where it was', async () => {
      const scenario = loadScenario(LINKED(net), 'linked.yaml', vocabulary);
      const { links, steps } = await runScenario(scenario, { engine, signal: new AbortController().signal });
      expect(steps.map(({ status }) => status)).toEqual(Array(5).fill('held'));
      const lost = links!.impaired.filter((one) => 'link' in one && one.link === 'wifi');
      expect(lost.reduce((sum, { dropped }) => sum + (dropped.loss ?? 0), 0)).toBeGreaterThan(0);
    });

    describe('on its way', () => {
      test('is cut and captured where it is now', async () => {
        await using wire = await lab.capture('phone', 'home');
        await lab.host('phone').ping('alice');
        await using _ = await move('lte', { address: at(2, 20) });
        await using gap = await lab.cut('phone', 'echo');
        expect(gap.did).toBe('cut phone – echo');
        await expect(lab.host('phone').ping('echo', { giveUp: 400 })).rejects.toThrow();
        await lab.host('phone').ping('home');
        const lines = await wire.lines();
        expect(lines.some((line) => line.includes('phone > home'))).toBe(true);
        const seen = (await wire.frames()).flatMap(({ sightings }) => sightings.map(({ card }) => card));
        const networks = seen.filter(({ host }) => host === 'phone').map(({ network }) => network);
        expect([...new Set(networks)]).toEqual(['wifi', 'lte']);
      });

      test('is known by the network where it is now, to every call of the library', async () => {
        await using _ = await move('lte');
        await expect(lab.unplug('phone.wifi')).rejects.toThrow('no network `wifi`');
        const pulled = await lab.unplug('phone.lte');
        expect(pulled.did).toBe('unplugged phone (eth0, lte): no carrier');
        await lab.plug('phone.lte');
        await using __ = await lab.fault({ rate: '1Mbit/s', on: { out: 'phone' } });
        await expect(lab.fault({ rate: '2Mbit/s', on: 'phone.lte' })).rejects.toThrow(
          'the rate of phone.lte (out) is already limited',
        );
        const everybody = await lab.cut('phone', 'all');
        await expect(lab.host('phone').ping('echo', { giveUp: 400 })).rejects.toThrow();
        await everybody.heal();
        await lab.host('phone').ping('echo');
      });

      test('is not moved twice, and where an address is taken it stays where it is', async () => {
        const before = await stateOf();
        await expect(move('lte', { address: at(2, 10) })).rejects.toThrow('`echo` has');
        expect(await stateOf()).toEqual(before);
        await using _ = await move('lte');
        await expect(move('cafe')).rejects.toThrow('`phone` is already on another network');
      });
    });
  });
}

/** A move that fails: the host is where it was, and everybody calls it as before. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { internals } from '../../lab/api/internals.ts';
import { lab as bringUp, type Lab } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { LabError } from '../../lab/errors.ts';
import { hostOf, shell } from '../lab.ts';

const LAB = (net: number) => `
lab: failing
networks:
  wifi: 10.${net}.8.0/24
  lte: 10.${net}.9.0/24
  cafe: { subnet: 10.${net}.10.0/24, dhcp: till }
hosts:
  phone: { networks: { wifi: 10.${net}.8.20 }, gateway: 10.${net}.8.1 }
  home: { forward: true, networks: { wifi: 10.${net}.8.1, lte: 10.${net}.9.1 } }
  alice: { networks: { wifi: 10.${net}.8.21 }, gateway: 10.${net}.8.1 }
  bob: { networks: { lte: 10.${net}.9.22 } }
  till: { networks: { cafe: 10.${net}.10.2 } }
`;

/** What keeps a host from learning new names and routes, and what ends that. Namespaces give their hosts a mount of their own. */
const UNTEACHABLE: Partial<Record<Engine['name'], { begin: string; end: string }>> = {
  netns: {
    begin: 'mount --bind /etc/hosts /etc/hosts && mount -o remount,bind,ro /etc/hosts',
    end: 'umount /etc/hosts',
  },
  docker: { begin: 'ip link set dev eth0 down', end: 'ip link set dev eth0 up' },
};

/** Networks are 10.NET.8.0/24 to 10.NET.10.0/24. */
export function failedMoves(engine: Engine, net: number): void {
  describe('a move that fails', () => {
    let lab: Lab;
    const host = (name: string) => hostOf(lab[internals], name);
    const stateOf = async () => {
      const { agent, plan } = host('phone');
      const [interfaces, routes] = await Promise.all([agent.interfaces(), agent.routes()]);
      const names = ['phone', 'bob', 'home'].map((name) => shell(host(name), 'cat /etc/hosts'));
      return { interfaces, routes, plan, planned: lab.plan, names: await Promise.all(names) };
    };

    beforeAll(async () => {
      lab = await bringUp(parse(LAB(net)), { engine });
    });
    afterAll(async () => {
      await lab?.down();
    });

    test('after everybody was told is undone at everybody, and says who does not listen', async () => {
      const before = await stateOf();
      const { begin, end } = UNTEACHABLE[engine.name]!;
      await shell(host('alice'), begin);
      await expect(lab.fault({ move: { host: 'phone', to: 'lte' } })).rejects.toMatchObject({
        name: 'LabError',
        message: expect.stringMatching(/; and the move back to wifi failed too: /),
      });
      expect(await stateOf()).toEqual(before);
      await shell(host('phone'), `ping -c1 -W5 10.${net}.9.22`);
      await shell(host('alice'), end);
      await using _ = await lab.fault({ move: { host: 'phone', to: 'lte' } });
      await shell(host('bob'), 'ping -c1 -W5 phone');
    });

    test.each(['before', 'after'])('at the engine, %s it has led the cable over, is undone', async (when) => {
      const { network } = lab[internals];
      const before = await stateOf();
      const move = network.move!;
      network.move = async (request) => {
        network.move = move;
        if (when === 'after') await move(request);
        throw new LabError('engine', 'the engine has no time');
      };
      await expect(lab.fault({ move: { host: 'phone', to: 'lte' } })).rejects.toThrow(
        /^the engine has no time$/,
      );
      expect(await stateOf()).toEqual(before);
      await shell(host('phone'), `ping -c1 -W5 10.${net}.9.22`);
      const away = await lab.fault({ move: { host: 'phone', to: 'lte' } });
      await shell(host('bob'), 'ping -c1 -W5 phone');
      await away.heal();
      expect(await stateOf()).toEqual(before);
    });

    test('because nobody leases it an address is undone', async () => {
      const before = await stateOf();
      await using _ = await lab.cut('phone', 'till');
      await expect(lab.fault({ move: { host: 'phone', to: 'cafe' } })).rejects.toThrow(
        /^phone asked for its address on cafe, and nobody answered in \d+ s/,
      );
      expect(await stateOf()).toEqual(before);
      await shell(host('phone'), `ping -c1 -W5 10.${net}.9.22`);
    });
  });
}

/** A host on Docker that moves, as the engine sees it: it leaves a network on which it was a guest, and nothing of it stays there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { internals } from '../../lab/api/internals.ts';
import { lab as bringUp, type Lab } from '../../lab/api/lab.ts';
import { connect } from '../../lab/engines/containers/connection.ts';
import { dockerEngine } from '../../lab/engines/docker/index.ts';
import { hostOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

/** The network `tiny` has room for one host. */
const LAB = `
lab: guests
networks:
  wifi: 10.89.1.0/24
  tiny: 10.89.2.0/30
  cafe: { subnet: 10.89.3.0/24, dhcp: till }
  yard: 10.89.4.0/24
hosts:
  phone: { networks: { wifi: 10.89.1.20 } }
  alice: { networks: { wifi: 10.89.1.21, cafe: {} } }
  till: { networks: { cafe: 10.89.3.2 } }
  gate: { forward: true, networks: { cafe: 10.89.3.1, yard: 10.89.4.1 } }
  bench: { networks: { yard: 10.89.4.2 } }
`;

const engine = dockerEngine();
const { lacking } = await engine.probe();

describeNeeding('docker', lacking && `${lacking.why}; ${lacking.hint}`, 'a guest on Docker', () => {
  let lab: Lab;
  const cardsOf = (name: string) => shell(hostOf(lab[internals], name), 'ls /sys/class/net');
  const networksOf = async (name: string) => {
    const { NetworkSettings } = await connect().getContainer(`lanlab-${lab.id}-${name}`).inspect();
    return Object.keys(NetworkSettings.Networks).map((one) => one.slice(`lanlab-${lab.id}-`.length));
  };

  beforeAll(async () => {
    lab = await bringUp(parse(LAB), { engine });
  });
  afterAll(async () => {
    await lab?.down();
  });

  test('leaves the network when it goes home, so there is room for the next one', async () => {
    for (const host of ['phone', 'alice']) {
      const [cards, networks] = [await cardsOf(host), await networksOf(host)];
      const away = await lab.fault({ move: { host, from: 'wifi', to: 'tiny' } });
      expect((await networksOf(host)).toSorted()).toEqual([...networks, 'tiny'].toSorted());
      await away.heal();
      expect(await networksOf(host)).toEqual(networks);
      expect(await cardsOf(host)).toBe(cards);
    }
  });

  test('keeps the default route that another card of its own was leased', async () => {
    const routes = () => shell(hostOf(lab[internals], 'alice'), 'ip route show default');
    const before = await routes();
    expect(before).toContain('via 10.89.3.1 dev eth1');
    await using away = await lab.fault({ move: { host: 'alice', from: 'wifi', to: 'tiny' } });
    expect(await routes()).toBe(before);
    await away.heal();
    expect(await routes()).toBe(before);
  });
});

/**
 * What a DHCP server with a range, and a relay, must be on every engine: strangers get what is left of the range and
 * nobody anything else, what is written is reserved, and a server on another network is reached by its relay.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { internals } from '../../lab/api/internals.ts';
import { type Lab, lab } from '../../lab/api/lab.ts';
import type { Engine } from '../../lab/engines/engine.ts';
import { runScenario } from '../../lab/run/run.ts';
import { loadScenario } from '../../lab/scenario/load.ts';
import { vocabulary } from '../../lab/vocabulary.ts';
import { hostOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';

/** Says the address, the server and the seconds; changes nothing. */
const SAYS = '#!/bin/sh\\n[ "$1" = bound ] && echo "got $ip from $serverid for $lease"';

/** Networks are 10.NET.x.0/24. */
export async function poolContract(engine: Engine, net: number): Promise<void> {
  const { lacking } = await engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  describeNeeding(engine.name, missing, `ranges and relays on ${engine.name}`, () => {
    let here: Lab;
    const host = (name: string) => hostOf(here[internals], name);
    const addressOf = async (name: string) =>
      (await host(name).agent.interfaces()).find((one) => one.name === 'eth0')?.addresses[0]?.address;
    const ask = (name: string, how: 'obtain' | 'renew') =>
      host(name).agent.lease({ card: 'eth0', how, giveUp: 10_000 });

    beforeAll(async () => {
      here = await lab(
        {
          lab: 'pools',
          networks: {
            office: {
              subnet: `10.${net}.1.0/24`,
              dhcp: { by: 'gw', range: `10.${net}.1.100-10.${net}.1.103`, lease: '2m' },
            },
            // Its server is the relay: answers come by the card on which it hands out addresses itself.
            core: { subnet: `10.${net}.2.0/24`, dhcp: 'gw', dns: 'gw' },
            far: {
              subnet: `10.${net}.3.0/24`,
              dhcp: { by: 'srv', relay: 'gw', range: `10.${net}.3.50-10.${net}.3.60` },
            },
            farther: { subnet: `10.${net}.4.0/24`, dhcp: { by: 'srv', relay: 'gw' } },
          },
          hosts: {
            gw: {
              forward: true,
              networks: {
                office: `10.${net}.1.1`,
                core: `10.${net}.2.1`,
                far: `10.${net}.3.1`,
                farther: `10.${net}.4.1`,
              },
            },
            srv: { networks: { core: `10.${net}.2.10` } },
            fixed: { networks: { office: `10.${net}.1.101` } },
            kept: { networks: { office: { address: `10.${net}.1.200`, dhcp: true } } },
            alice: { networks: ['office'] },
            bob: { networks: ['office'] },
            near: { networks: ['core'] },
            away: { networks: ['far'] },
            out: { networks: ['farther'] },
          },
        },
        { engine },
      );
    }, 120_000);
    afterAll(async () => {
      await here?.down();
    }, 60_000);

    /** What a client with a card of its own, that the lab does not know, is told at this host. */
    async function stranger(name: string, card: string): Promise<string> {
      const script = `printf '${SAYS}' >/tmp/says-${card}; chmod +x /tmp/says-${card}
        ip link add ${card} link eth0 type macvlan mode bridge; ip link set ${card} up
        udhcpc -f -q -n -t 2 -T 1 -i ${card} -s /tmp/says-${card} 2>/dev/null || echo nothing; rm /tmp/says-${card}`;
      return (await shell(host(name), script)).trim();
    }

    describe('a range', () => {
      test('is where hosts get their addresses; what is written is left to whom it is for', async () => {
        const found = await Promise.all(['alice', 'bob', 'kept', 'fixed'].map(addressOf));
        expect(found).toEqual([100, 102, 200, 101].map((last) => `10.${net}.1.${last}`));
        const { seconds, server } = await ask('kept', 'obtain');
        expect([seconds, server]).toEqual([120, `10.${net}.1.1`]);
        expect(await addressOf('kept')).toBe(`10.${net}.1.200`);
      });

      test('gives a stranger what is left of it, and the next one nothing', async () => {
        expect(await stranger('fixed', 'one')).toBe(`got 10.${net}.1.103 from 10.${net}.1.1 for 120`);
        expect(await stranger('fixed', 'two')).toBe('nothing');
        expect((await ask('bob', 'obtain')).address).toBe(`10.${net}.1.102`);
      });
    });

    describe('a relay', () => {
      test('hands a question on to the server, and its answer back', async () => {
        const found = await Promise.all(['away', 'out', 'near'].map(addressOf));
        expect(found).toEqual([`10.${net}.3.50`, `10.${net}.4.2`, `10.${net}.2.2`]);
        await using wire = await here.capture('away', 'srv');
        await ask('away', 'obtain');
        const relayed = ['DISCOVER', 'OFFER', 'REQUEST', 'ACK'].map((word, index) =>
          index % 2 === 0 ? `dhcp gw > srv ${word} relay=gw` : `dhcp srv > gw ${word} relay=gw gives=away`,
        );
        const checks = await wire.look(
          [
            { at: 'srv', in_order: relayed },
            { at: 'srv', never: ['dhcp away > *', 'dhcp * > broadcast'] },
            {
              at: 'away',
              in_order: [
                'dhcp away > broadcast DISCOVER',
                'dhcp gw > away OFFER server=srv',
                'dhcp away > broadcast REQUEST server=srv',
                'dhcp gw > away ACK server=srv gives=away',
              ],
            },
          ],
          { within: 5000 },
        );
        expect(checks.filter(({ held }) => !held)).toEqual([]);
      });

      test('is not asked when a lease is renewed: the server is, across the router', async () => {
        await using wire = await here.capture('srv');
        await ask('away', 'renew');
        // udhcpc misses an answer that comes before it has closed the socket that it asked by, and asks everybody then.
        const lines = ['udp away:68 > srv:67', 'udp srv:67 > away:68'];
        const [found] = await wire.look(lines, { within: 5000 });
        expect(found).toMatchObject({ held: true });
      });

      test('serves strangers too', async () => {
        expect(await stranger('away', 'one')).toMatch(
          new RegExp(`^got 10\\.${net}\\.3\\.(5[1-9]|60) from 10\\.${net}\\.2\\.10 for 3600$`),
        );
      });
    });

    test('why a lease does not come by a relay is told: the server, its cable, the relay', async () => {
      const kill = `for p in /proc/[0-9]*; do case $(cat $p/comm) in dnsmasq) kill -KILL \${p#/proc/};; esac; done`;
      const scenario = loadScenario(
        `
lab: relayed
networks:
  core: 10.${net}.6.0/24
  far: { subnet: 10.${net}.7.0/24, dhcp: { by: srv, relay: gw } }
hosts:
  gw: { forward: true, networks: { core: 10.${net}.6.1, far: 10.${net}.7.1 } }
  srv: { networks: { core: 10.${net}.6.10 } }
  away: { networks: [far] }
steps:
  - { at: away, lease: obtain, expect: { fields: { server: 10.${net}.6.10 } } }
  - { fault: { unplug: srv } }
  - { name: unplugged, at: away, lease: { how: obtain, give_up: 300ms } }
  - { plug: srv }
  - { at: srv, exec: ${JSON.stringify(kill)} }
  - { name: server, at: away, lease: { how: obtain, give_up: 300ms } }
  - { at: gw, exec: ${JSON.stringify(kill)} }
  - { name: relay, at: away, lease: { how: obtain, give_up: 300ms } }
`,
        'relayed.yaml',
        vocabulary,
      );
      const { steps } = await runScenario(scenario, { engine, signal: new AbortController().signal });
      const why = (name: string) =>
        steps.find((step) => step.name === name)!.checks.find(({ held }) => !held)?.why;
      expect(why('unplugged')).toMatch(/^the cable of srv \(eth0, core\) is unplugged by step 2/);
      expect(why('server')).toMatch(/^srv's dnsmasq, which served far, has ended \(SIGKILL\)/);
      expect(why('relay')).toMatch(/^gw's dnsmasq, which relayed far, has ended \(SIGKILL\)/);
    }, 60_000);
  });
}

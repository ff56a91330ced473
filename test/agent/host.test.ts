/** What needs cards of its own: two hosts on one network, in namespaces. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import type { LiveHost } from '../../lab/live/host.ts';
import type { LiveLab } from '../../lab/live/up.ts';
import { hostOf, labOf, shell } from '../lab.ts';
import { describeNeeding } from '../needs.ts';
import { agentOf, failureOf, LONG, start, text } from './setting.ts';

const engine = netnsEngine();
const { lacking } = await engine.probe();

const SCENARIO = `
lab: agent
networks: { office: 10.91.1.0/24, store: 10.91.2.0/24, lonely: 10.91.3.0/30 }
hosts:
  alice: { networks: { office: 10.91.1.21, store: 10.91.2.21 } }
  bob: { networks: { office: 10.91.1.22, store: 10.91.2.22, lonely: 10.91.3.1 }, sysctls: { net.ipv4.ip_default_ttl: "33" } }
`;

describeNeeding(
  'netns',
  lacking && `${lacking.why}; ${lacking.hint}`,
  'an agent with cards of its own',
  () => {
    let lab: LiveLab;
    let [alice, bob]: LiveHost[] = [];
    const to = { address: '10.91.1.22', port: 9000 };

    beforeAll(async () => {
      lab = await labOf(engine, SCENARIO);
      [alice, bob] = [hostOf(lab, 'alice'), hostOf(lab, 'bob')];
    });
    afterAll(() => lab?.[Symbol.asyncDispose]());

    test('interfaces and routes are those of its plan', async () => {
      const found = await bob!.agent.interfaces();
      expect(found.map(({ name, up, addresses }) => [name, up, addresses])).toEqual([
        ['eth0', true, [{ address: '10.91.1.22', prefix: 24 }]],
        ['eth1', true, [{ address: '10.91.2.22', prefix: 24 }]],
        ['eth2', true, [{ address: '10.91.3.1', prefix: 30 }]],
      ]);
      expect(found.map(({ mac }) => mac)).toEqual(bob!.plan.interfaces.map(({ mac }) => mac));
      expect(await alice!.agent.routes()).toEqual([
        { to: '10.91.1.0/24', interface: 'eth0', source: '10.91.1.21' },
        { to: '10.91.2.0/24', interface: 'eth1', source: '10.91.2.21' },
      ]);
    });

    test('sysctls of the scenario are set', async () => {
      expect(await shell(bob!, 'cat /proc/sys/net/ipv4/ip_default_ttl')).toBe('33\n');
    });

    test('a file is written with its folders, and appended to', async () => {
      const path = '/tmp/deep/er/note.txt';
      await alice!.agent.writeFile({ path, bytes: Buffer.from('one ') });
      await alice!.agent.writeFile({ path, bytes: Buffer.from('two'), append: true });
      expect(await shell(alice!, `cat ${path}`)).toBe('one two');
      await alice!.agent.writeFile({ path, bytes: Buffer.from('three') });
      expect(await shell(alice!, `cat ${path}`)).toBe('three');
    });

    test('a neighbour is known by its MAC once it has been spoken to, and its sockets are seen', async () => {
      const { handle } = await bob!.agent.tcpListen({ at: to });
      const { local } = await alice!.agent.tcpConnect({ to, giveUp: LONG });
      const { remote } = await bob!.agent.tcpAccept({ handle, giveUp: LONG });
      expect(remote).toEqual(local);
      const known = await alice!.agent.neighbours();
      expect(known.find(({ address }) => address === to.address)).toMatchObject({
        mac: bob!.plan.interfaces[0]!.mac,
        interface: 'eth0',
      });
      const sockets = await bob!.agent.sockets();
      expect(sockets.map(({ state, local, peer }) => [state, local, peer])).toEqual(
        expect.arrayContaining([
          ['LISTEN', to, { address: '0.0.0.0', port: 0 }],
          ['ESTAB', to, local],
        ]),
      );
      await bob!.agent.close({ handle });
    });

    test('a broadcast, directed or limited, is heard with the address it was sent to, and answered', async () => {
      const listener = await bob!.agent.udpOpen({ bind: { port: 9001 } });
      for (const [everyone, source] of [
        ['10.91.2.255', '10.91.2.21'],
        ['255.255.255.255', '10.91.1.21'],
      ] as const) {
        const client = await alice!.agent.udpOpen({ to: { address: everyone, port: 9001 } });
        expect(client.local.address).toBe(source);
        await alice!.agent.udpSend({ handle: client.handle, bytes: Buffer.from('who') });
        const heard = await bob!.agent.udpReceive({ handle: listener.handle, giveUp: LONG });
        expect([heard.from, heard.to]).toEqual([client.local, { address: everyone, port: 9001 }]);
        await bob!.agent.udpSend({ handle: listener.handle, bytes: Buffer.from('me') });
        const { bytes } = await alice!.agent.udpReceive({ handle: client.handle, giveUp: LONG });
        expect(text(bytes)).toBe('me');
        await alice!.agent.close(client);
      }
      await bob!.agent.close(listener);
    });

    test('a group is heard by those who joined it, with the TTL asked for, by a client as well', async () => {
      const group = { address: '239.1.2.3', port: 9002 };
      const listener = await bob!.agent.udpOpen({ bind: { port: 9002 }, join: [{ group: group.address }] });
      const client = await alice!.agent.udpOpen({
        to: group,
        bind: { address: '10.91.2.21', port: 9002 },
        join: [{ group: group.address, on: '10.91.2.21' }],
        ttl: 3,
      });
      await alice!.agent.udpSend({ handle: client.handle, bytes: Buffer.from('all') });
      const heard = await bob!.agent.udpReceive({ handle: listener.handle, giveUp: LONG });
      expect([heard.from, heard.to]).toEqual([client.local, group]);
      await bob!.agent.udpSend({ handle: listener.handle, to: group, bytes: Buffer.from('back') });
      const own = await alice!.agent.udpReceive({ handle: client.handle, giveUp: LONG });
      expect(own.to).toEqual(group);
      await bob!.agent.close(listener);
      await alice!.agent.close(client);
    });

    test('an address of no network of the host is unreachable at once', async () => {
      const away = { address: '10.99.1.1', port: 9 };
      for (const call of [
        () => alice!.agent.tcpConnect({ to: away, giveUp: LONG }),
        () => alice!.agent.udpOpen({ to: away, connect: true }),
      ]) {
        expect(await failureOf(call())).toMatchObject({ kind: 'unreachable', errno: 'ENETUNREACH' });
      }
    });

    test('healing restores exactly what was, in any order; the last cut asked for is what is loaded', async () => {
      const mac = (card: number) => [{ mac: alice!.plan.interfaces[card]!.mac }];
      await Promise.all(['a', 'b', 'c'].map((id, card) => bob!.agent.cut({ id, from: mac(card % 2) })));
      const both = alice!.plan.interfaces.map(({ mac }) => mac).sort();
      expect(await bob!.agent.cutOff()).toEqual(both);
      await Promise.all(['c', 'a', 'never'].map((id) => bob!.agent.heal({ id })));
      expect(await bob!.agent.cutOff()).toEqual([alice!.plan.interfaces[1]!.mac]);
      await bob!.agent.heal({ id: 'b' });
      expect(await bob!.agent.cutOff()).toEqual([]);
    });

    test('a cut from a card that is not there is refused, and is not kept', async () => {
      const wrong = bob!.agent.cut({ id: 'wrong', from: [{ mac: 'no mac' }] });
      await expect(wrong).rejects.toThrow('no card has the MAC no mac');
      await bob!.agent.cut({ id: 'right', from: [{ mac: alice!.plan.interfaces[0]!.mac }] });
      await bob!.agent.heal({ id: 'right' });
      expect(await bob!.agent.cutOff()).toEqual([]);
    });

    test('across a cut a connect is given up, after it is healed it succeeds', async () => {
      const { handle } = await bob!.agent.tcpListen({ at: to });
      await bob!.agent.cut({ id: 'gap', from: [{ mac: alice!.plan.interfaces[0]!.mac }] });
      expect(await failureOf(alice!.agent.tcpConnect({ to, giveUp: 200 }))).toMatchObject({
        kind: 'timeout',
        local: { address: '10.91.1.21', port: expect.any(Number) },
      });
      await bob!.agent.heal({ id: 'gap' });
      await alice!.agent.tcpConnect({ to, giveUp: LONG });
      await bob!.agent.close({ handle });
    });

    test('a host that is asked for a card or a sysctl that it has not says what it has', async () => {
      const bare = agentOf(start(['unshare', '--user', '--map-root-user', '--net', '--mount'])).agent;
      const setup = { hostname: 'bare', interfaces: [], routes: [], hostsFile: '', sysctls: {} };
      const card = { ...bob!.plan.interfaces[0]!, mac: '02:00:00:00:00:99' };
      await expect(bare.configure({ ...setup, interfaces: [card] })).rejects.toThrow(
        'no card with the MAC 02:00:00:00:00:99 for eth0 here; there are: lo 00:00:00:00:00:00',
      );
      const other = agentOf(start(['unshare', '--user', '--map-root-user', '--net', '--mount'])).agent;
      const sysctls = { 'net.ipv4.no_such_thing': '1' };
      await expect(other.configure({ ...setup, sysctls })).rejects.toThrow(
        /sysctl net\.ipv4\.no_such_thing=1: ENOENT/,
      );
    });
  },
);

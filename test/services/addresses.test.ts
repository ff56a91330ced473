/** The addresses that a program binds to, and udp-echo on a host with two networks. */
import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { broadcastAddress, type Interfaces, places, replyPlace, unmapped } from '../../services/addresses.ts';
import type { Listening, ServiceEvent } from '../../services/events.ts';
import { hostInterfaces, merged } from '../../services/interfaces.ts';
import { describeNeeding } from '../needs.ts';
import { namespace, noNamespace, type Worker } from './namespace.ts';
import type { Question } from './namespace-worker.ts';

const four = { netmask: '', mac: '', internal: false, family: 'IPv4' } as const;
const six = { netmask: '', mac: '', internal: false, family: 'IPv6', scopeid: 0 } as const;
const HOST: Interfaces = {
  lo: [{ ...four, address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true }],
  eth0: [
    { ...four, address: '10.50.1.10', cidr: '10.50.1.10/24' },
    { ...six, address: 'fe80::1', cidr: 'fe80::1/64', scopeid: 2 },
  ],
  eth1: [
    { ...four, address: '10.50.2.10', cidr: '10.50.2.10/24' },
    { ...six, address: 'fd00::1', cidr: 'fd00::1/64' },
  ],
};

describe('addresses', () => {
  test('a mapped address is the IPv4 it is, any other itself', () => {
    expect(unmapped('::ffff:10.50.1.21')).toBe('10.50.1.21');
    expect(unmapped('::FFFF:10.50.1.21')).toBe('10.50.1.21');
    for (const other of ['::', '::1', '10.0.0.1', 'fe80::1%eth0', '::ffff:1'])
      expect(unmapped(other)).toBe(other);
  });

  test('the broadcast address is the network’s last; /31 and /32 have none', () => {
    expect(broadcastAddress('10.50.1.10', 24)).toBe('10.50.1.255');
    expect(broadcastAddress('172.16.5.4', 12)).toBe('172.31.255.255');
    expect(broadcastAddress('10.0.0.1', 30)).toBe('10.0.0.3');
    expect(broadcastAddress('10.0.0.1', 31)).toBeUndefined();
    expect(broadcastAddress('10.0.0.1', 32)).toBeUndefined();
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 8, max: 30 }), (address, prefix) => {
        const bits = (text: string) =>
          text
            .split('.')
            .map((byte) => Number(byte).toString(2).padStart(8, '0'))
            .join('');
        expect(bits(broadcastAddress(address, prefix) ?? '')).toBe(
          bits(address).slice(0, prefix).padEnd(32, '1'),
        );
      }),
    );
  });

  test('of a host with two networks: each address, each broadcast, the groups', () => {
    const wanted = places(HOST, ['::'], ['224.0.0.1', 'ff02::1']).map(
      ({ address, kind }) => `${kind} ${address}`,
    );
    expect(wanted).toEqual([
      'unicast 127.0.0.1',
      'unicast 10.50.1.10',
      'unicast fe80::1%eth0',
      'unicast 10.50.2.10',
      'unicast fd00::1',
      'broadcast 10.50.1.255',
      'broadcast 10.50.2.255',
      'broadcast 255.255.255.255',
      'group 224.0.0.1',
      'group ff02::1%eth0',
      'group ff02::1%eth1',
    ]);
    expect(places(HOST, ['0.0.0.0'], []).filter(({ family }) => family === 6)).toEqual([]);
    expect(places(HOST, ['10.50.1.10'], ['224.0.0.1']).map(({ address }) => address)).toEqual(['10.50.1.10']);
  });

  test.each([
    ['10.50.1.255', '10.50.1.21', '10.50.1.10'],
    ['10.50.2.255', '10.50.2.21', '10.50.2.10'],
    ['10.50.2.255', '192.0.2.1', '10.50.2.10'],
    ['255.255.255.255', '10.50.2.21', '10.50.2.10'],
    ['224.0.0.1', '10.50.1.21', '10.50.1.10'],
    ['224.0.0.1', '192.0.2.1', '10.50.1.10'],
    ['ff02::1%eth0', 'fe80::2%eth0', 'fe80::1%eth0'],
    ['ff02::1%eth1', 'fd00::2', 'fd00::1'],
    ['10.50.2.10', '10.50.1.21', '10.50.2.10'],
  ])('what came to %s from %s is answered by %s', (to, peer, expected) => {
    const own = places(HOST, ['::'], ['224.0.0.1', 'ff02::1']);
    const asked = own.find(({ address }) => address === to);
    expect(asked && replyPlace(own, asked, peer)?.address).toBe(expected);
  });
});

describe('the host’s interfaces', () => {
  const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.50.1.0
        /24 link UNICAST
Local:
     |-- 10.50.1.10
        /32 host LOCAL
     |-- 10.50.1.255
        /32 link BROADCAST
     |-- 127.0.0.0
        /8 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
`;
  const table =
    'fe800000000000000000000000000001 02 40 20 80     eth0\n' +
    'fd000000000000000000000000000010 02 40 00 82     eth0\n';

  test('that are up and not known to be running are there too', () => {
    const found = places(merged({}, trie, table), ['::'], []);
    expect(found.map(({ address }) => address)).toEqual([
      '10.50.1.10',
      '127.0.0.1',
      'fe80::1%eth0',
      'fd00::10',
      '10.50.1.255',
      '255.255.255.255',
    ]);
  });

  test('that Node lists are listed once, as Node has them', () => {
    const listed: Interfaces = { eth0: [{ ...four, address: '10.50.1.10', cidr: '10.50.1.10/24' }] };
    const all = merged(listed, trie, '');
    expect(all.eth0).toEqual(listed.eth0);
    expect(all['']?.map(({ address }) => address)).toEqual(['127.0.0.1']);
  });

  test('of this machine: every address Node has, and none twice', () => {
    const node = places(networkInterfaces(), ['::'], []).map(({ address }) => address);
    const own = Object.values(hostInterfaces()).flatMap((infos = []) => infos.map(({ address }) => address));
    expect(places(hostInterfaces(), ['::'], []).map(({ address }) => address)).toEqual(
      expect.arrayContaining(node),
    );
    expect(own.filter((address) => !address.startsWith('fe80')).length).toBe(
      new Set(own.filter((address) => !address.startsWith('fe80'))).size,
    );
  });
});

describeNeeding('netns', noNamespace, 'udp-echo on a host with two networks', () => {
  let server: Worker;
  let client: Worker;
  const ip = (worker: Worker, ...args: string[]) => worker.do({ do: 'run', command: ['ip', ...args] });
  const ask = (question: Partial<Question> & { to: string }) =>
    client.do({ do: 'ask', from: '10.50.1.21', port: 9000, text: 'hello', ...question });

  const cable = async (net: string): Promise<void> => {
    const peer = ['peer', 'name', `eth${net}`, 'netns', String(client.process.pid)];
    await ip(server, 'link', 'add', `eth${net}`, 'type', 'veth', ...peer);
    for (const [worker, host] of [
      [server, '10'],
      [client, '21'],
    ] as const) {
      await ip(worker, 'addr', 'add', `10.50.${net}.${host}/24`, 'broadcast', '+', 'dev', `eth${net}`);
      await ip(worker, 'addr', 'add', `fd0${net}::${host}/64`, 'nodad', 'dev', `eth${net}`);
      await ip(worker, 'link', 'set', `eth${net}`, 'up');
    }
  };

  beforeAll(async () => {
    [server, client] = await Promise.all([namespace(), namespace()]);
    await ip(server, 'link', 'set', 'lo', 'up');
    for (const net of ['1', '2']) await cable(net);
    await ip(client, 'route', 'add', 'default', 'dev', 'eth1');
    await server.do({ do: 'echo', groups: ['224.0.0.1', '239.1.2.3', 'ff02::1', 'ff05::1:3'] });
  });
  afterAll(() => {
    for (const worker of [server, client]) worker?.process.disconnect();
  });

  test.each([
    ['10.50.1.10', '10.50.1.21'],
    ['10.50.2.10', '10.50.2.21'],
    ['10.50.2.10', '10.50.1.21'],
    ['fd02::10', 'fd02::21'],
  ])('a datagram to %s from %s is answered from there', async (to, from) => {
    expect(await ask({ to, from })).toEqual({ text: 'HELLO', from: to });
  });

  test.each([
    ['10.50.1.255', '10.50.1.21', '10.50.1.10'],
    ['10.50.2.255', '10.50.2.21', '10.50.2.10'],
    ['255.255.255.255', '10.50.1.21', '10.50.1.10'],
    ['224.0.0.1', '10.50.1.21', '10.50.1.10'],
    ['239.1.2.3', '10.50.1.21', '10.50.1.10'],
    ['239.1.2.3', '10.50.2.21', '10.50.2.10'],
    ['ff02::1%eth1', 'fd01::21', 'fd01::10'],
    ['ff05::1:3%eth2', 'fd02::21', 'fd02::10'],
  ])('a datagram to %s from %s is answered from the host’s own %s', async (to, from, own) => {
    const text = `to ${to} from ${from}`;
    expect(await ask({ to, from, text })).toEqual({ text: text.toUpperCase(), from: own });
    const { local } = await server.events.seen({ event: 'receive', text });
    expect((local as Listening).address.replace(/%.*/, '')).toBe(to.replace(/%.*/, ''));
    await server.events.seen({ event: 'send', local, replied_from: { address: own, port: 9000 } });
  });

  test('an address added later is answered from, one taken away is said to be gone', async () => {
    const local = { address: '10.50.1.99', port: 9000 };
    await ip(server, 'addr', 'add', '10.50.1.99/24', 'dev', 'eth1');
    await server.events.seen({ event: 'listen', local });
    expect(await ask({ to: '10.50.1.99' })).toEqual({ text: 'HELLO', from: '10.50.1.99' });
    await ip(server, 'addr', 'del', '10.50.1.99/24', 'dev', 'eth1');
    await server.events.seen({ event: 'unlisten', local });
    expect(await ask({ to: '10.50.1.10' })).toEqual({ text: 'HELLO', from: '10.50.1.10' });
  });

  test('an interface that went down and came up is answered on at once', async () => {
    await ip(server, 'link', 'set', 'eth2', 'down');
    await ip(server, 'link', 'set', 'eth2', 'up');
    expect(await ask({ to: '10.50.2.10', from: '10.50.2.21' })).toEqual({
      text: 'HELLO',
      from: '10.50.2.10',
    });
    expect(await ask({ to: '239.1.2.3', from: '10.50.2.21' })).toEqual({ text: 'HELLO', from: '10.50.2.10' });
  });

  test('an interface that was taken out and put in again is heard on, its groups too', async () => {
    const now = new Date().toISOString();
    await ip(server, 'link', 'del', 'eth2');
    const later = (event: string, address: string) => (seen: ServiceEvent) =>
      seen.event === event && seen.time > now && seen.local?.address === address && seen.local.port === 9000;
    await server.events.seen(later('unlisten', '10.50.2.10'));
    await cable('2');
    // The last of the interface's groups, and the address, which may be tentative (RFC 4862) for one scan more.
    await server.events.seen(later('listen', 'ff02::1%eth2'));
    await server.events.seen(later('listen', 'fd02::10'));
    expect(await ask({ to: '239.1.2.3', from: '10.50.2.21' })).toEqual({ text: 'HELLO', from: '10.50.2.10' });
    const group = { to: 'ff02::1%eth2', from: 'fd02::21', text: 'again' };
    expect(await ask(group)).toEqual({ text: 'AGAIN', from: 'fd02::10' });
  });

  test.each([7, 13, 19, 37, 123, 9000])(
    'a datagram from port %i is heard and not answered',
    async (fromPort) => {
      const text = `from port ${fromPort}`;
      await client.do({ do: 'send', from: '10.50.1.21', fromPort, to: '10.50.1.10', port: 9000, text });
      const peer = { address: '10.50.1.21', port: fromPort };
      await server.events.seen({ event: 'ignore', peer });
      // The barrier: an answer to the first would have been sent before the answer to this.
      await ask({ to: '10.50.1.10' });
      expect(server.events.matching({ event: 'send', peer })).toEqual([]);
    },
  );

  test.skipIf(spawnSync('nft', ['--version']).status !== 0)(
    'a datagram from port 0, which cannot be answered, ends nothing (needs nft)',
    async () => {
      const nft = (rule: string) => client.do({ do: 'run', command: ['nft', rule] });
      await nft('add table ip zero; add chain ip zero out { type filter hook output priority 0; }');
      await nft('add rule ip zero out udp dport 9000 udp sport set 0');
      await client.do({ do: 'send', from: '10.50.1.21', to: '10.50.1.10', port: 9000, text: 'from nowhere' });
      await server.events.seen({ event: 'ignore', peer: { address: '10.50.1.21', port: 0 } });
      await nft('delete table ip zero');
      expect(await ask({ to: '10.50.1.10' })).toEqual({ text: 'HELLO', from: '10.50.1.10' });
    },
  );
});

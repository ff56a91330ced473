/** What root of a host does to its own network, and to nobody else's: bare namespaces. */
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Lab } from '../../lab/api/lab.ts';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { asRoot, labAt } from './place.ts';

const engine = netnsEngine();
const { lacking } = await engine.probe();

describeNeeding('netns', lacking?.why, 'root of a host', () => {
  let net: Lab;
  let state: string;
  beforeAll(async () => {
    // Open to everybody, so that nothing but its being hidden keeps anybody out.
    state = await mkdtemp(join(process.getuid!() === 0 ? '/usr/local' : homedir(), 'lanlab-state-'));
    await chmod(state, 0o755);
    await mkdir(join(state, 'labs'), { mode: 0o755 });
    vi.stubEnv('LANLAB_STATE', join(state, 'labs'));
    net = await labAt(
      { engine, node: process.execPath },
      '{lab: own, networks: {lan: auto}, hosts: {alice: {networks: [lan]}, bob: {networks: [lan]}, carol: {networks: [lan]}}}',
    );
  });
  afterAll(async () => {
    await net?.[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
    await rm(state, { recursive: true });
  });

  const reaches = async (from: string, to: string) =>
    (await asRoot(net, from, `ping -c 1 -W 1 ${to} >/dev/null`)).endsWith('exit 0');

  test('sees no socket of a lab, also not where one is made while the lab is up', async () => {
    await writeFile(join(state, 'labs/lab.sock'), 'SECRET');
    expect(await readdir(join(state, 'labs'))).toEqual(['lab.sock']);
    const look = `ls ${state}/labs/; umount -l ${state}/labs; cat ${state}/labs/lab.sock; touch /usr/mine && ls /usr/mine`;
    expect(await asRoot(net, 'alice', `(${look}) 2>/dev/null`)).toBe('/usr/mine\n\nexit 0');
  });

  test('cannot undo a cut, by rules, by another MAC or by another address', async () => {
    await using _ = await net.cut('alice', 'bob');
    expect(await reaches('alice', 'bob')).toBe(false);
    await asRoot(
      net,
      'alice',
      'nft flush ruleset; ip link set eth0 down; ip link set eth0 address 02:00:00:99:99:99; ip link set eth0 up',
    );
    expect(await reaches('alice', 'bob')).toBe(false);
    expect(await reaches('alice', 'carol')).toBe(true);
  });

  test('changes no card, rule or name of another host', async () => {
    await asRoot(
      net,
      'bob',
      'ip link set eth0 down; nft add table ip mine; hostname other; echo 9.9.9.9 bad >>/etc/hosts',
    );
    const seen = await asRoot(
      net,
      'carol',
      'cat /sys/class/net/eth0/operstate; nft list tables; uname -n; grep -c bad /etc/hosts',
    );
    expect(seen).toBe('up\ncarol\n0\n\nexit 1');
  });
});

/**
 * What a program of a host, and `exec` as its root, can reach: the cells of the table in docs/isolation.md, one suite for
 * the engines.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Lab } from '../../lab/api/lab.ts';
import { describeNeeding } from '../needs.ts';
import { asProgram, asRoot, doing, KINDS, labAt, type Place, scenarioOf } from './place.ts';

/** Nobody else on this machine has it. */
const MARK = `lanlab-${randomBytes(6).toString('hex')}`;

export async function contract(place: Place): Promise<void> {
  const { lacking } = await place.engine.probe();
  const missing = lacking && `${lacking.why}; ${lacking.hint}`;
  const { name } = place.engine;
  describeNeeding(name, missing, `a host on ${name} stands apart`, () => suite(place));
}

const PRIVATE = ['/tmp', '/var/tmp', '/dev/shm', '/srv', '/run'];
const MACHINES = [
  ...['', '/etc', '/usr', '/usr/local', '/usr/bin', '/var', '/var/lib', '/var/log', '/opt', '/mnt', '/boot'],
  ...['/root', '/home', '/dev', '/sys', '/proc', ...PRIVATE],
  ...(process.env.HOME ? [process.env.HOME] : []),
];
/** More than anybody may do, a line each: it tries to make the tree below `/` writable, and to see what lies under it. */
const UNDO = `
  for n in 1 2 3; do for at in / /etc /usr /var /home ${PRIVATE.join(' ')} /proc /sys /dev; do
    umount -l $at; mount -o remount,rw $at; mount -o remount,rw,bind $at; done; done 2>/dev/null
  mkdir -p /tmp/all && mount --bind / /tmp/all; mount --rbind / /tmp/all; mount -o remount,rw,bind /tmp/all`;
const write = (folders: readonly string[]) =>
  folders.map((folder) => `echo ${MARK} > ${folder}/${MARK}`).join('; ');
const PROCESSES = 'cat /proc/[0-9]*/cmdline | tr "\\0" " "';

function suite(place: Place): void {
  let net: Lab;
  const outside = spawn('sleep', ['98761'], { stdio: 'ignore' });

  beforeAll(async () => {
    vi.stubEnv('LANLAB_TEST_SECRET', MARK);
    net = await labAt(place, scenarioOf(place));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    outside.kill();
    await net?.[Symbol.asyncDispose]();
  });

  for (const kind of KINDS) {
    const does = doing(kind);

    test(`${kind}: what it writes anywhere, the machine never has`, async () => {
      await does(net, write(MACHINES));
      expect(MACHINES.filter((folder) => existsSync(`${folder}/${MARK}`))).toEqual([]);
    });

    test(`${kind}: folders that are a host's own are no other host's`, async () => {
      await does(net, write(PRIVATE));
      const own = ['/tmp', '/var/tmp', '/dev/shm'].map((at) => `${at}/${MARK}`);
      expect(await does(net, `ls ${own.join(' ')} | wc -l`)).toBe('3\n\nexit 0');
      const found = await asRoot(net, 'alice', `ls ${PRIVATE.map((at) => `${at}/${MARK}`).join(' ')}`);
      expect(found).not.toMatch(new RegExp(`^/.*${MARK}$`, 'm'));
    });

    test(`${kind}: shared memory and queues are the host's own`, async () => {
      expect(await does(net, 'ipcmk -M 4096 -Q; ipcs -m | grep -c 4096')).toMatch(/\n[1-9]\d*\n\nexit 0$/);
      expect(await asRoot(net, 'alice', 'ipcs -m | grep -c 4096')).toBe('0\n\nexit 1');
    });

    test(`${kind}: it sees the processes of its host and no other`, async () => {
      const seen = await does(net, PROCESSES);
      expect(seen).toContain('createServer');
      expect(seen).not.toContain('98761');
      expect(seen).not.toContain('vitest');
      expect(await asRoot(net, 'alice', PROCESSES)).not.toContain('createServer');
    });

    test(`${kind}: nothing of the caller's environment is told to it`, async () => {
      expect(await does(net, 'env; cat /proc/[0-9]*/environ 2>/dev/null')).not.toContain(MARK);
    });

    test(`${kind}: there is no socket of an engine, and none of a lab's owner`, async () => {
      const found = await does(
        net,
        'find / -xdev \\( -name docker.sock -o -path "*lanlab*.sock" \\) 2>/dev/null',
      );
      expect(found.split('\n').filter((line) => line.startsWith('/'))).toEqual([]);
      expect(await does(net, 'ls /var/run/docker.sock')).toContain('No such file');
    });

    test(`${kind}: memory and disks of the machine cannot be opened, and devices not be made`, async () => {
      const disks = '/dev/mem /dev/port /dev/kmem /dev/vd* /dev/sd* /dev/nvme* /dev/xvd*';
      const opened = `for at in ${disks}; do head -c 1 $at >/dev/null 2>&1 && echo opened $at; done; true`;
      expect(await does(net, opened)).toBe('\nexit 0');
      // 1:1 is /dev/mem (devices.txt). Where it can be made, it cannot be opened.
      const made = 'mknod /tmp/memory c 1 1; head -c 1 /tmp/memory >/dev/null && echo opened; true';
      expect(await does(net, made)).not.toContain('opened');
    });

    test(`${kind}: switches of the whole kernel cannot be set`, async () => {
      // \`h\` prints a help text.
      const tries = ['h > /proc/sysrq-trigger', '1 > /proc/sys/kernel/sysrq', '1 > /proc/sys/vm/drop_caches'];
      const script = tries.map((one) => `(echo ${one}) 2>/dev/null && echo set ${one[0]}; true`).join('; ');
      expect(await does(net, script)).not.toContain('set');
    });

    test(`${kind}: of the machine's network nothing is there, no card and no address`, async () => {
      const cards = 'ls /sys/class/net; cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "';
      const found = (await does(net, cards)).split('\n').filter((line) => line !== '' && line !== 'exit 0');
      // The last two are ends of the host's own cable, where its agent has cut it open.
      expect(
        found.filter((name) => !['back0', 'eth0', 'lo', 'patch0', 'turn0', 'wire0'].includes(name)),
      ).toEqual([]);
      for (const address of machinesAddresses()) {
        const connect = `require('node:net').connect(22, '${address}').on('error', (e) => console.log(e.code))`;
        expect(await does(net, `${place.node} -e "${connect}"`)).toContain('ENETUNREACH');
      }
    });
  }

  test('a program has no capability, no way to one, and what a service is started with is the same', async () => {
    const wanted = /^(Cap(Inh|Prm|Eff|Bnd|Amb):\t0+|NoNewPrivs:\t1)$/gm;
    expect((await asProgram(net, 'cat /proc/self/status')).match(wanted)).toHaveLength(6);
    const service =
      'for at in /proc/[0-9]*; do grep -qa tcp-ech[o] $at/cmdline && cat $at/status && break; done';
    const status = await asRoot(net, 'echo', `${service}; true`);
    expect(status.match(/^(Cap(Inh|Prm|Eff|Amb):\t0+|NoNewPrivs:\t1)$/gm)).toHaveLength(5);
  });

  test('a program opens no raw socket and no packet socket, root of its host both', async () => {
    const raw =
      "perl -e 'socket(S, 2, 3, 1) ? print qq(raw ) : 0; socket(S, 17, 3, 768) ? print q(packet) : 0'";
    expect(await asProgram(net, raw)).toBe('\nexit 0');
    expect(await asRoot(net, 'prog', raw)).toBe('raw packet\nexit 0');
  });

  test('a program changes nothing of its host network', async () => {
    const tries = 'ip link set eth0 down; ip addr flush dev eth0; nft add table ip mine';
    expect(await asProgram(net, `${tries} 2>&1; cat /sys/class/net/eth0/carrier`)).toContain('1\n');
  });

  test('a program looks into no process of its host that has more rights', async () => {
    const tries = 'cat /proc/1/environ; ls /proc/1/root/; readlink /proc/1/ns/net; head -c 1 /proc/1/mem';
    const said = await asProgram(net, `(${tries}) 2>&1`);
    expect(said.match(/Permission denied|denied/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test('a program that becomes root of a user namespace of its own has no more of the machine, or of its host', async () => {
    const within = `${UNDO} 2>/dev/null; ${write(MACHINES)}; ip link set eth0 down; ${PROCESSES}`;
    const said = await asProgram(net, `unshare --user --map-root-user --mount sh -c '${within}' 2>&1`);
    expect(MACHINES.filter((folder) => existsSync(`${folder}/${MARK}`))).toEqual([]);
    expect(said).not.toContain('98761');
    expect(await asRoot(net, 'prog', 'cat /sys/class/net/eth0/carrier')).toBe('1\n\nexit 0');
  });

  test('signals that a program sends end neither process 1 of its host nor what it needs', async () => {
    const script =
      'for at in /proc/[0-9]*; do [ $at = /proc/$$ ] || kill -9 ${at#/proc/}; done; kill -9 1; kill -TERM 1';
    await using other = await labAt(
      place,
      `{lab: kills, networks: {lan: auto}, hosts: {bad: {command: [sh, -c, ${JSON.stringify(`${script}; echo tried`)}], networks: [lan]}}}`,
    );
    await expect.poll(() => other.host('bad').words, { timeout: 20_000 }).toContain('tried');
    expect(await asRoot(other, 'bad', 'uname -n; ip -o addr show dev eth0 | wc -l')).toBe('bad\n1\n\nexit 0');
  });

  test('root of a host cannot make the machine writable, nor look under what covers it', async () => {
    const said = await asRoot(net, 'bob', `${UNDO}; ${write(MACHINES)}; ${PROCESSES}`);
    expect(MACHINES.filter((folder) => existsSync(`${folder}/${MARK}`))).toEqual([]);
    expect(said).not.toContain('98761');
    expect(said).not.toContain('createServer');
  });
}

function machinesAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter((one) => !one.internal && one.family === 'IPv4').map(({ address }) => address),
  );
}

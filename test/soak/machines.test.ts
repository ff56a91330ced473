/** Sixty hosts over the three machines of scripts/swarm-nodes.sh, and three labs there at once. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lanlab } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';
import { lacking, leftovers, NAMES, pointToManager } from '../swarm/nodes.ts';

vi.setConfig({ testTimeout: 900_000 });

const HOSTS = 60;

/** Every host hears the first one's broadcast at its own card, and each machine's last host answers a ping. */
function scenario(name: string, subnet: string, hosts: number): string {
  const names = Array.from({ length: hosts }, (_, index) => `h${index + 1}`);
  const hosted = names.map(
    (host, index) => `  ${host}: { networks: [lan], on: ${NAMES[index % NAMES.length]} }`,
  );
  const others = names.slice(1);
  return [
    `lab: ${name}`,
    `networks: { lan: ${subnet} }`,
    'hosts:',
    ...hosted,
    'steps:',
    ...others
      .slice(-NAMES.length)
      .map((host) => `  - { at: h1, ping: { to: ${host} }, expect: { fields: { received: 1 } } }`),
    '  - at: h1',
    '    udp: { to: "broadcast:7007", send: to all }',
    `    expect: { wire: [{ at: [${others.join(', ')}], in_order: ["udp h1 > broadcast:7007"] }] }`,
    '',
  ].join('\n');
}

describeNeeding('swarm', lacking, 'labs over three machines', () => {
  let folder: string;
  const run = async (name: string, subnet: string, hosts: number) => {
    const path = join(folder, `${name}.yaml`);
    await writeFile(path, scenario(name, subnet, hosts));
    const { exit, stdout, stderr } = await lanlab(
      'run',
      path,
      '--engine',
      'swarm',
      '--strict',
      '--json',
      '-',
    );
    expect(exit, stdout + stderr).toBe(0);
    return JSON.parse(stdout).runs[0] as {
      steps: { status: string }[];
      hosts: { name: string; node: string }[];
    };
  };

  beforeAll(async () => {
    pointToManager();
    folder = await mkdtemp(join(tmpdir(), 'lanlab-machines-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test(`${HOSTS} hosts are one LAN: a broadcast comes to every one of them`, async () => {
    const { steps, hosts } = await run('sixty', '10.170.1.0/24', HOSTS);
    expect(steps.every(({ status }) => status === 'held')).toBe(true);
    for (const node of NAMES)
      expect(hosts.filter((host) => host.node === node)).toHaveLength(HOSTS / NAMES.length);
    await expect.poll(() => leftovers('sixty'), { timeout: 90_000 }).toEqual([]);
  });

  test('three are up at once, and every check holds in each', async () => {
    const labs = [
      run('one', '10.171.1.0/24', 6),
      run('other', '10.171.2.0/24', 6),
      run('third', '10.171.3.0/24', 3),
    ];
    for (const { steps } of await Promise.all(labs))
      expect(steps.every(({ status }) => status === 'held')).toBe(true);
    await expect.poll(() => leftovers('one', 'other', 'third'), { timeout: 90_000 }).toEqual([]);
  });

  test('frames between machines are VXLAN to port 14789, as chapter 24 shows, and the ports send none of their own', async () => {
    const listens = ['-l', '--immediate-mode', '-nei', 'eth0', '-T', 'vxlan', 'udp port 14789'];
    const tcpdump = spawn('ip', ['netns', 'exec', 'lanlab-node-a', 'tcpdump', ...listens]);
    let [shown, said] = ['', ''];
    tcpdump.stdout.on('data', (bytes) => {
      shown += bytes;
    });
    tcpdump.stderr.on('data', (bytes) => {
      said += bytes;
    });
    try {
      await expect.poll(() => said).toContain('listening on');
      const { exit, stdout } = await lanlab(
        'run',
        'scenarios/24-machines.yaml',
        '--engine',
        'swarm',
        '--strict',
      );
      expect(exit, stdout).toBe(0);
      await expect.poll(() => shown).toContain('ARP (0x0806)');
    } finally {
      tcpdump.kill('SIGINT');
    }
    expect(shown).toMatch(/10\.231\.0\.1\.\d+ > 10\.231\.0\.2\.14789: VXLAN, flags \[I\] \(0x08\), vni \d+/);
    expect(shown).toContain('Request who-has 10.50.24.10 tell 10.50.24.21, length 28');
    expect(shown).toMatch(/Reply 10\.50\.24\.10 is-at \S+, length 28/);
    // Docker's own bridges have 02:42 in front, and hosts 02.
    const senders = [...shown.matchAll(/14789: VXLAN.*\n([\da-f:]{17}) > /g)].map(([, mac]) => mac!);
    expect(senders.length).toBeGreaterThan(0);
    expect(senders.filter((mac) => !mac.startsWith('02:'))).toEqual([]);
  });
});

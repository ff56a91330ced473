/** A machine that has iproute2 and util-linux and nothing else: the LAN runs, and what is missing is said. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { ROOT } from '../cli/command.ts';
import { describeNeeding } from '../needs.ts';

const { lacking } = await netnsEngine().probe();

/** The tools are hidden behind something that cannot be run, in a mount namespace of the command's own. */
const HIDE = `for tool in nft ethtool tcpdump ping socat dnsmasq udhcpc; do
  path=$(PATH=$PATH:/usr/sbin:/sbin command -v $tool) && mount --bind /dev/null "$path"; done; exec "$@"`;

async function bare(...args: string[]): Promise<string> {
  const own = process.getuid!() === 0 ? [] : ['--user', '--map-root-user'];
  const command = [...own, '--mount', 'sh', '-c', HIDE, 'sh', join(ROOT, 'bin/lanlab'), ...args];
  const env = { ...process.env, NO_COLOR: '1', DOCKER_HOST: 'unix:///nowhere.sock' };
  return (await promisify(execFile)('unshare', command, { cwd: ROOT, env })).stdout;
}

describeNeeding('netns', lacking?.why, 'with iproute2 and util-linux alone', () => {
  test('every check of the LAN holds, and none is skipped', async () => {
    const report = await bare('run', 'scenarios/01-lan.yaml', '--strict');
    expect(report).toContain('not docker: no Docker Engine answers');
    expect(report).toMatch(/50 steps held: 95 of 95 checks, on netns/);
  }, 60_000);

  test('what needs more is skipped with the reason and the hint', async () => {
    const report = await bare('run', 'scenarios/02-datagrams.yaml', '--filter', 'echo request');
    expect(report).toContain('skipped: there is no `ping` here');
    expect(report).toContain('install it (Debian: apt-get install iputils-ping)');
  }, 60_000);

  test('a network that is to be served is refused with the reason and the hint', async () => {
    const refused = await bare('run', 'scenarios/20-names.yaml').then(
      () => 'it ran',
      ({ stderr }: { stderr: string }) => stderr,
    );
    expect(refused).toContain('gw cannot serve office: there is no `dnsmasq` here');
    expect(refused).toContain('install it (Debian: apt-get install dnsmasq-base)');
  }, 60_000);

  test('the table of engines says what is missing, and the package that has it', async () => {
    const table = await bare('engines');
    for (const name of ['nftables', 'ethtool', 'tcpdump', 'iputils-ping', 'udhcpc', 'dnsmasq-base']) {
      expect(table).toContain(`install it (Debian: apt-get install ${name})`);
    }
    expect(table).toContain('✓ sockets');
  }, 60_000);
});

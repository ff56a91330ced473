/** What a lab's hosts need of the machine's own programs, where root of a host is nobody on the machine. */
import { expect, test } from 'vitest';
import { netnsEngine } from '../../lab/engines/netns/engine.ts';
import { describeNeeding } from '../needs.ts';
import { asRoot, labAt } from './place.ts';

const engine = netnsEngine();
const { lacking } = await engine.probe();

/** It serves its host's clock and leaves that alone (-x); as \`nobody\`, who may write under /tmp. */
const CHRONYD =
  'printf "local stratum 3\\nallow all\\nport 1123\\ncmdport 0\\nbindcmdaddress /\\npidfile /tmp/chronyd.pid\\n" >/tmp/c; exec chronyd -u root -U -x -d -f /tmp/c';

describeNeeding('netns', lacking?.why, "the machine's programs on a host", () => {
  test('chronyd -x serves the time as a program of a host', async ({ skip }) => {
    await using net = await labAt(
      { engine, node: process.execPath },
      `{lab: clock, networks: {lan: auto}, hosts: {
         clock: {command: [sh, -c, ${JSON.stringify(CHRONYD)}], networks: [lan]}, alice: {networks: [lan]}}}`,
    );
    if ((await asRoot(net, 'alice', 'command -v chronyd')).endsWith('exit 127')) skip('there is no chronyd');
    const answer = await net.host('alice').ntp('clock:1123', { giveUp: 10_000 });
    expect(answer.stratum).toBe(3);
  }, 60_000);

  test('tcpdump writes a file, and dnsmasq and udhcpc hand an address over', async ({ skip }) => {
    await using net = await labAt(
      { engine, node: process.execPath },
      '{lab: lease, networks: {lan: {subnet: 10.78.1.0/24, dhcp: gw, dns: gw}}, hosts: {gw: {networks: {lan: 10.78.1.1}}, alice: {networks: [lan]}}}',
    ).catch((error: Error) => skip(error.message));
    const tools =
      'tcpdump -i eth0 -c 1 -w /tmp/t.pcap 2>/tmp/said & until grep -q listening /tmp/said; do :; done';
    const asked = `${tools}; ping -c 1 gw >/dev/null; wait; tcpdump -r /tmp/t.pcap 2>/dev/null | wc -l`;
    expect(await asRoot(net, 'alice', asked)).toMatch(/^1\n/);
    expect(await asRoot(net, 'alice', 'ip -o -4 addr show dev eth0')).toContain('inet ');
  }, 60_000);
});

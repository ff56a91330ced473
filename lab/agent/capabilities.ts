/** The capabilities of this host: it looks for each tool and, where that is not enough, tries the tool out. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { oneUserOnly } from './as-tcpdump.ts';
import { canCarry } from './cable/can-carry.ts';
import { startCapture } from './capture.ts';
import type { Capabilities, Lacking } from './protocol.ts';
import { tool } from './tool.ts';

/** `patched` finds out whether cables can be cut. */
export async function findCapabilities(
  patched: () => Promise<true | Lacking> = canPatch,
): Promise<Capabilities> {
  const [patch, offload, frames, capture, ping, sockets, lease, serve] = await Promise.all([
    patched(),
    has('ethtool', 'ethtool'),
    canCarry(),
    canCapture(),
    has('ping', 'iputils-ping'),
    has('ss', 'iproute2'),
    has('udhcpc', 'udhcpc'),
    has('dnsmasq', 'dnsmasq-base'),
  ]);
  return { patch, offload, frames, capture, ping, sockets, lease, serve };
}

/** The directories where an administrator's tools are, also where an ordinary user's PATH leaves them out. */
const TOOL_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

export function toolPath(): string {
  const there = (process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  return [...there, ...TOOL_FOLDERS.filter((folder) => !there.includes(folder))].join(':');
}

export async function has(command: string, debianPackage: string): Promise<true | Lacking> {
  for (const folder of toolPath().split(':')) {
    const found = await access(`${folder}/${command}`, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return {
    why: `there is no \`${command}\` here`,
    hint: `install it (Debian: apt-get install ${debianPackage})`,
  };
}

/** A table that is made and removed in one transaction: nothing is ever forwarded by it. */
const PROBE = `table netdev lanlab_probe {
  set probe { type ether_addr; flags dynamic,timeout; }
  chain probe {
    type filter hook ingress device "lo" priority 0;
    update @probe { ether saddr timeout 1s } dup to "lo" @ll,96,64 set 0 fwd to "lo"
    delete @probe { ether saddr }
  }
}
delete table netdev lanlab_probe
`;

async function canPatch(): Promise<true | Lacking> {
  const there = await has('nft', 'nftables');
  if (there !== true) return there;
  try {
    await tool(['nft', '-f', '-'], PROBE);
    return true;
  } catch (error) {
    return {
      why: (error as Error).message,
      hint: 'use a kernel with nf_tables, its netdev family, fwd and dup (CONFIG_NFT_FWD_NETDEV, CONFIG_NFT_DUP_NETDEV)',
    };
  }
}

/** Where tcpdump may be unable to become another user, this captures for a moment, on all cards that there are. */
async function canCapture(): Promise<true | Lacking> {
  const there = await has('tcpdump', 'tcpdump');
  if (there !== true || !oneUserOnly()) return there;
  try {
    const capture = await startCapture({ card: 'any', mtu: 1500 });
    await capture.close();
    return true;
  } catch (error) {
    return {
      why: `tcpdump cannot capture where only one user id is mapped: ${(error as Error).message}`,
      hint: 'install uidmap and give your user subordinate ids in /etc/subuid and /etc/subgid, or run as root',
    };
  }
}

/**
 * The LAN between nodes: a VXLAN port (RFC 7348) in the bridge of each network that has hosts on other nodes. A frame to a
 * MAC that was learned goes to its node. Broadcasts, and frames to other MACs, go to every node.
 */
import { tool } from '../agent/tool.ts';
import { type KeeperCalls, type Spanning, VXLAN_PORT, type Way } from './calls.ts';

/** In the list of learned MACs: every MAC that is not in it. */
const ALL = '00:00:00:00:00:00';

interface Route {
  dev: string;
  prefsrc: string;
}

export class Ports {
  /** By bridge: the name of its port. */
  readonly #open = new Map<string, string>();

  async ways(addresses: readonly string[]): Promise<Way[]> {
    return Promise.all(
      addresses.map(async (to) => {
        const [route] = JSON.parse(await tool(['ip', '-json', 'route', 'get', to])) as Route[];
        const [link] = JSON.parse(await tool(['ip', '-json', 'link', 'show', route!.dev])) as {
          mtu: number;
        }[];
        return { to, from: route!.prefsrc, mtu: link!.mtu };
      }),
    );
  }

  async join({ local, remotes, networks }: Parameters<KeeperCalls['join']>[0]): Promise<void> {
    try {
      for (const network of networks) await this.#openPort(local, remotes, network);
    } catch (error) {
      await this.part(networks.map(({ bridge }) => bridge));
      throw error;
    }
  }

  async #openPort(
    local: string,
    remotes: readonly string[],
    { bridge, number, mtu }: Spanning,
  ): Promise<void> {
    const port = `lanlab-${number}`;
    const vxlan = ['type', 'vxlan', 'id', `${number}`, 'dstport', `${VXLAN_PORT}`, 'local', local];
    await tool(['ip', 'link', 'add', port, 'mtu', `${mtu}`, ...vxlan]);
    this.#open.set(bridge, port);
    for (const remote of remotes) await tool(['bridge', 'fdb', 'append', ALL, 'dev', port, 'dst', remote]);
    // It has no address of its own, so it sends no frame of its own into the LAN (MLD, duplicate address detection).
    await tool(['ip', 'link', 'set', port, 'addrgenmode', 'none']);
    // It would put segments together, and a host would see frames that nobody has sent.
    await tool(['ethtool', '-K', port, 'gro', 'off']);
    await tool(['ip', 'link', 'set', port, 'master', bridge, 'up']);
  }

  async part(bridges: readonly string[] = [...this.#open.keys()]): Promise<void> {
    for (const bridge of bridges) {
      const port = this.#open.get(bridge);
      this.#open.delete(bridge);
      if (port !== undefined) await tool(['ip', 'link', 'del', port]).catch(() => {});
    }
  }
}

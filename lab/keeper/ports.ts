/**
 * The LAN between nodes: a VXLAN port (RFC 7348) in the bridge of each network that has hosts on other nodes. A frame to a
 * MAC that was learned goes to its node. Broadcasts, and frames to other MACs, go to every node.
 */
import { tool } from '../agent/tool.ts';
import { type KeeperCalls, type Spanning, VXLAN_PORT, type Way } from './calls.ts';

/** Every node outside of the list of learned MACs. */
const ALL = '00:00:00:00:00:00';

interface Route {
  dev: string;
  prefsrc: string;
}

export class Ports {
  /** By bridge: the name of its port. */
  readonly #open = new Map<string, string>();
  #remotes: string[] = [];

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
    this.#remotes = [...new Set([...this.#remotes, ...remotes])];
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
    await tool(['ip', 'link', 'set', port, 'master', bridge, 'up']);
  }

  async part(bridges: readonly string[] = [...this.#open.keys()]): Promise<void> {
    for (const bridge of bridges) {
      const port = this.#open.get(bridge);
      this.#open.delete(bridge);
      if (port !== undefined) await tool(['ip', 'link', 'del', port]).catch(() => {});
    }
  }

  /** A port that no longer learns, and that knows no MAC behind the remote, sends it nothing. */
  async cut(remotes: readonly string[]): Promise<void> {
    for (const port of this.#open.values()) {
      await tool([
        'ip',
        'link',
        'set',
        port,
        'type',
        'vxlan',
        remotes.length > 0 ? 'nolearning' : 'learning',
      ]);
      for (const remote of this.#remotes) {
        const away = remotes.includes(remote);
        const known = ['bridge', 'fdb', away ? 'del' : 'append', ALL, 'dev', port, 'dst', remote];
        await tool(known).catch(() => {}); // It is so already.
      }
      if (remotes.length > 0) await forgetLearned(port);
    }
  }
}

/** MACs that were learned of other nodes. */
async function forgetLearned(port: string): Promise<void> {
  const learned = JSON.parse(await tool(['bridge', '-json', 'fdb', 'show', 'dev', port])) as {
    mac: string;
    dst?: string;
  }[];
  for (const { mac, dst } of learned) {
    if (mac === ALL || dst === undefined) continue;
    await tool(['bridge', 'fdb', 'del', mac, 'dev', port, 'dst', dst]).catch(() => {});
  }
}

/**
 * The LAN between nodes: a VXLAN port (RFC 7348) in the bridge of each network that has hosts on other nodes. A frame to a
 * MAC that was learned goes to its node. Broadcasts, and frames to other MACs, go to every node.
 */
import { tool } from '../agent/tool.ts';
import { type KeeperCalls, type Spanning, VXLAN_PORT, type Way } from './calls.ts';
import { shutOut } from './shut-out.ts';

/** In the list of learned MACs: every MAC that is not in it. */
const ALL = '00:00:00:00:00:00';

/** The name of a port of lanlab; its alias is the id of its lab. */
const PORT = /^lanlab-\d+$/;

interface OpenPort {
  port: string;
  number: number;
  remotes: string[];
}

interface Route {
  dev: string;
  prefsrc: string;
}

export class Ports {
  readonly #lab: string;
  /** By bridge: its port. */
  readonly #open = new Map<string, OpenPort>();
  /** Frames of these addresses are lost here. */
  #out: readonly string[] = [];

  constructor(lab: string) {
    this.#lab = lab;
  }

  /** Closes the ports of labs whose keepers were killed, as by a node that lost its power: a port outlives its bridge. */
  async sweep(livingLabs: () => Promise<string[]>): Promise<void> {
    const links = JSON.parse(await tool(['ip', '-json', 'link', 'show', 'type', 'vxlan'])) as {
      ifname?: string;
      ifalias?: string;
    }[];
    // They are asked for after the ports: a lab that has opened one since then is among them.
    const living = await livingLabs();
    for (const { ifname = '', ifalias } of links)
      if (PORT.test(ifname) && ifalias !== undefined && !living.includes(ifalias)) await close(ifname);
  }

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

  async shutOut(addresses: readonly string[]): Promise<void> {
    const numbers = [...this.#open.values()].map(({ number }) => number);
    if (this.#out.length > 0 || addresses.length > 0) await shutOut(this.#lab, addresses, numbers);
    this.#out = addresses;
  }

  async join({ local, remotes, networks }: Parameters<KeeperCalls['join']>[0]): Promise<void> {
    try {
      for (const network of networks) await this.#openPort(local, remotes, network);
      await this.shutOut(this.#out);
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
    const open = this.#open.get(bridge) ?? (await this.#add(local, { bridge, number, mtu }));
    for (const remote of remotes.filter((one) => !open.remotes.includes(one))) {
      await tool(['bridge', 'fdb', 'append', ALL, 'dev', open.port, 'dst', remote]);
      open.remotes.push(remote);
    }
    await tool(['ip', 'link', 'set', open.port, 'master', bridge, 'up']);
  }

  async #add(local: string, { bridge, number, mtu }: Spanning): Promise<OpenPort> {
    const port = `lanlab-${number}`;
    const vxlan = ['type', 'vxlan', 'id', `${number}`, 'dstport', `${VXLAN_PORT}`, 'local', local];
    await tool(['ip', 'link', 'add', port, 'mtu', `${mtu}`, ...vxlan]);
    const open = { port, number, remotes: [] };
    this.#open.set(bridge, open);
    await tool(['ip', 'link', 'set', port, 'alias', this.#lab]);
    // It has no address of its own, so it sends no frame of its own into the LAN (MLD, duplicate address detection).
    await tool(['ip', 'link', 'set', port, 'addrgenmode', 'none']);
    // It would put segments together, and a host would see frames that nobody has sent.
    await tool(['ethtool', '-K', port, 'gro', 'off']);
    return open;
  }

  async part(bridges: readonly string[] = [...this.#open.keys()]): Promise<void> {
    for (const bridge of bridges) {
      const open = this.#open.get(bridge);
      this.#open.delete(bridge);
      if (open) await close(open.port);
    }
  }
}

async function close(port: string): Promise<void> {
  await tool(['ip', 'link', 'del', port]).catch(() => {});
}

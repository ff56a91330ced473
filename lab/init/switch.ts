/**
 * The lab's switches: a Linux bridge a network, a veth pair a card, all in the lab's own namespace. The far end of
 * every cable is a port here, and here it is cut: frames from one port to another are dropped as the bridge forwards
 * them, whatever they carry and whoever speaks on the cable.
 */
import type { CutRequest } from '../agent/protocol.ts';
import { tool } from '../agent/tool.ts';
import type { HostOrder } from './calls.ts';

const TABLE = 'bridge lanlab';

/** Pairs of ports, from and to. One look in a set for each frame, however many are cut. */
const RULES = `table ${TABLE} {
  set cut { type ifname . ifname; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname . oifname @cut drop
  }
}
`;

interface Port {
  name: string;
  card: string;
  mac: string;
  network: string;
  host: string;
}

export class Switch {
  readonly #bridges = new Map<string, string>();
  #ports: Port[] = [];
  readonly #byMac = new Map<string, Port[]>();
  /** By host, then by name. */
  readonly #cuts = new Map<string, Map<string, CutRequest>>();
  #number = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Rejects where this kernel, or this machine's tools, cannot cut a cable. */
  async begin(): Promise<void> {
    // Where the machine filters bridges for Docker, a table that is older than a namespace's first bridge sees no frame.
    await tool(['ip', '-batch', '-'], 'link add name probe type bridge\nlink del probe\n');
    await tool(['nft', '-f', '-'], RULES);
  }

  /** `ip -batch` lines that plug hosts in; `processOf` gives a process in each one's namespaces. */
  plugIn(
    networks: readonly { name: string }[],
    hosts: readonly HostOrder[],
    processOf: (host: string) => number,
  ): string[] {
    const bridges = networks.flatMap(({ name }) => this.#bridge(name));
    return [...bridges, ...hosts.flatMap((host) => this.#cables(host, processOf(host.setup.hostname)))];
  }

  #bridge(network: string): string[] {
    const name = `br${this.#number++}`;
    this.#bridges.set(network, name);
    return [`link add name ${name} type bridge mcast_snooping 0`, `link set ${name} up`];
  }

  #cables({ setup, interfaces }: HostOrder, process: number): string[] {
    return setup.interfaces.flatMap(({ name, mac, mtu }, index) => {
      const { network } = interfaces[index]!;
      const port = { name: `port${this.#number++}`, card: name, mac, network, host: setup.hostname };
      this.#ports.push(port);
      this.#byMac.set(mac, [...(this.#byMac.get(mac) ?? []), port]);
      return [
        `link add name ${port.name} mtu ${mtu} type veth peer name ${name} mtu ${mtu} address ${mac} netns ${process}`,
        `link set ${port.name} master ${this.#bridges.get(network)} up`,
      ];
    });
  }

  /** Cards go with their hosts; a network that still has hosts must not be named. */
  unplug(networks: readonly string[], hosts: readonly string[]): string[] {
    const going = this.#ports.filter(({ host }) => hosts.includes(host));
    this.#ports = this.#ports.filter((port) => !going.includes(port));
    for (const { mac } of going) {
      const left = this.#byMac.get(mac)!.filter((port) => !going.includes(port));
      if (left.length > 0) this.#byMac.set(mac, left);
      else this.#byMac.delete(mac);
    }
    for (const host of hosts) this.#cuts.delete(host);
    const bridges = networks.flatMap((network) => this.#bridges.get(network) ?? []);
    for (const network of networks) this.#bridges.delete(network);
    return [...going.map(({ name }) => name), ...bridges].map((name) => `link del ${name}`);
  }

  /** Resolves when the carrier of the host's card is being taken away or given back. */
  async plug(host: string, card: string, state: 'up' | 'down'): Promise<void> {
    const port = this.#ports.find((one) => one.host === host && one.card === card);
    if (!port) throw new Error(`${host} has no card ${card}`);
    await tool(['ip', 'link', 'set', 'dev', port.name, state]);
  }

  /** A second cut of the same name takes the first one's place. */
  async cut(host: string, request: CutRequest): Promise<void> {
    const stranger = request.from.find(({ mac }) => !this.#byMac.has(mac.toLowerCase()));
    if (stranger) throw new Error(`no card has the MAC ${stranger.mac}`);
    await this.#change(host, (cuts) => cuts.set(request.id, request));
  }

  /** Healing what is not cut is no error. */
  heal(host: string, id: string): Promise<void> {
    return this.#change(host, (cuts) => cuts.delete(id));
  }

  /** MACs whose frames do not come to this host. */
  cutOff(host: string): string[] {
    const macs = [...(this.#cuts.get(host)?.values() ?? [])].flatMap(({ from }) =>
      from.map(({ mac }) => mac),
    );
    return [...new Set(macs.map((mac) => mac.toLowerCase()))].sort();
  }

  /** For ports that have come: what is cut stays cut. */
  async reload(): Promise<void> {
    const [host] = this.#cuts.keys();
    if (host !== undefined) await this.#change(host, () => {});
  }

  /** One after the other, so that the last one asked for is what holds; what nft refuses is not kept. */
  #change(host: string, change: (cuts: Map<string, CutRequest>) => unknown): Promise<void> {
    const changed = this.#last.then(async () => {
      const before = this.#cuts.get(host);
      const cuts = new Map(before);
      change(cuts);
      this.#cuts.set(host, cuts);
      try {
        await tool(['nft', '-f', '-'], compileCuts(this.#pairs()));
      } catch (error) {
        if (before) this.#cuts.set(host, before);
        else this.#cuts.delete(host);
        throw error;
      }
    });
    this.#last = changed.catch(() => {});
    return changed;
  }

  #pairs(): string[] {
    const pairs = [...this.#cuts.keys()].flatMap((host) => {
      const here = this.#ports.filter((port) => port.host === host);
      const there = this.cutOff(host).flatMap((mac) => this.#byMac.get(mac) ?? []);
      return there.flatMap((from) =>
        here.filter(({ network }) => network === from.network).map((to) => `"${from.name}" . "${to.name}"`),
      );
    });
    return [...new Set(pairs)];
  }
}

/** The whole set as one transaction. */
export function compileCuts(pairs: readonly string[]): string {
  const added = pairs.length > 0 ? [`add element ${TABLE} cut { ${pairs.join(', ')} }`] : [];
  return [`flush set ${TABLE} cut`, ...added, ''].join('\n');
}

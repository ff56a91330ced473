/** A plan's networks and cards as `ip -batch` lines: a bridge a network, a veth pair a card. */
import type { Plan } from '../../scenario/planned.ts';

export type Part = Pick<Plan, 'networks' | 'hosts'>;

/**
 * What is plugged in where, in the lab's own namespace: the machine's bridges and firewall have no part in it.
 * Bridges and ports get numbers of their own, none twice, so that hosts can come and go.
 */
export class Cabling {
  readonly #bridges = new Map<string, string>();
  readonly #ports = new Map<string, string[]>();
  #number = 0;

  /** Named network namespaces, one a host; then bridges and cables. */
  plugIn({ networks, hosts }: Part): string[] {
    const namespaces = hosts.map(({ name }) => `netns add ${name}`);
    return [...namespaces, ...networks.flatMap(({ name }) => this.#bridge(name)), ...this.#cables(hosts)];
  }

  /** A cable's other end goes with it. A network that still has hosts must not be named. */
  unplug({ hosts, networks }: { hosts: string[]; networks: string[] }): string[] {
    const ports = hosts.flatMap((host) => this.#ports.get(host) ?? []);
    const bridges = networks.flatMap((network) => this.#bridges.get(network) ?? []);
    for (const host of hosts) this.#ports.delete(host);
    for (const network of networks) this.#bridges.delete(network);
    return [
      ...[...ports, ...bridges].map((name) => `link del ${name}`),
      ...hosts.map((host) => `netns del ${host}`),
    ];
  }

  #bridge(network: string): string[] {
    const name = `br${this.#number++}`;
    this.#bridges.set(network, name);
    return [`link add name ${name} type bridge mcast_snooping 0`, `link set ${name} up`];
  }

  #cables(hosts: Part['hosts']): string[] {
    return hosts.flatMap(({ name, interfaces }) => {
      const ports = interfaces.map(() => `port${this.#number++}`);
      this.#ports.set(name, ports);
      return interfaces.flatMap(({ network, mac, mtu }, index) => [
        `link add name ${ports[index]} mtu ${mtu} type veth peer name card${index} mtu ${mtu} address ${mac} netns ${name}`,
        `link set ${ports[index]} master ${this.#bridges.get(network)} up`,
      ]);
    });
  }
}

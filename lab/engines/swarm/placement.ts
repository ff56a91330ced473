/** Which node holds which host. The same plan and the same nodes always give the same placement. */
import { LabError } from '../../errors.ts';
import type { Plan, PlannedHost } from '../../model/planned.ts';
import type { Member } from './node.ts';

/** So many hosts a core, and so many bytes a host, before another node is begun. */
const HOSTS_PER_CORE = 12;
const MEMORY_PER_HOST = 128 * 1024 * 1024;

type Part = Pick<Plan, 'networks' | 'hosts'>;

/**
 * Hosts that say `on` stand there, and hosts of a lab that is up (`before`) stay where they are. The others of one network stay together as long as they fit. Networks come one after the
 * other, the largest first, and each begins on the node with the most room. Where no node has room, the host goes to the one
 * that is the least overfull. Throws LabError (`usage`) where no node is as `on` says.
 */
export function place(
  plan: Part,
  nodes: readonly Member[],
  hostsPerCore = HOSTS_PER_CORE,
  before: Pick<Plan, 'hosts'> = { hosts: [] },
): Map<string, string> {
  const stays = staying(before, nodes);
  const placed = new Map(
    plan.hosts.flatMap(({ name, on }): [string, string][] => {
      const node = on === undefined ? stays.get(name) : asked(name, on, nodes);
      return node === undefined ? [] : [[name, node]];
    }),
  );
  const load = new Map(
    nodes.map(({ name }) => [name, [...placed.values()].filter((one) => one === name).length]),
  );
  const fullness = (node: Member) => (load.get(node.name)! + 1) / roomOf(node, hostsPerCore);
  const emptiest = () => nodes.reduce((best, node) => (fullness(node) < fullness(best) ? node : best));
  for (const hosts of groupsOf(plan)) {
    let node = emptiest();
    for (const { name } of hosts.filter((host) => !placed.has(host.name))) {
      if (fullness(node) > 1) node = emptiest();
      placed.set(name, node.name);
      load.set(node.name, load.get(node.name)! + 1);
    }
  }
  return placed;
}

/** By host: the node that has it already, and that still takes part. */
function staying({ hosts }: Pick<Plan, 'hosts'>, nodes: readonly Member[]): Map<string, string> {
  const names = nodes.map(({ name }) => name);
  return new Map(
    hosts.flatMap(({ name, node }) => (node !== undefined && names.includes(node) ? [[name, node]] : [])),
  );
}

/** By its name, else the first with the label. */
function asked(host: string, on: string, nodes: readonly Member[]): string {
  const [key = '', value = ''] = on.split('=', 2);
  const found = nodes.find(({ name, labels }) => (on.includes('=') ? labels[key] === value : name === on));
  if (found) return found.name;
  const what = on.includes('=') ? `no node has the label ${on}` : `no node is called ${on}`;
  throw new LabError('usage', `${host} is to stand on ${on}, and ${what}`, {
    hint: `nodes are ${nodes.map(({ name }) => name).join(', ')} (lanlab engines)`,
  });
}

/** The number of hosts that a node has room for. */
function roomOf({ cores, memory }: Member, hostsPerCore: number): number {
  return Math.max(1, Math.min(cores * hostsPerCore, Math.floor(memory / MEMORY_PER_HOST)));
}

/** The hosts of each network, the largest network first; a host of several networks stands in each. */
function groupsOf({ networks, hosts }: Part): PlannedHost[][] {
  const on = (network: string) =>
    hosts.filter(({ interfaces }) => interfaces.some((card) => card.network === network));
  const groups = networks.map(({ name }) => on(name)).sort((one, other) => other.length - one.length);
  return [...groups, hosts.filter(({ interfaces }) => interfaces.length === 0)];
}

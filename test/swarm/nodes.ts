/** The machines of these tests: three Docker Engines that scripts/swarm-nodes.sh has joined to one Swarm. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import Docker from 'dockerode';

export const NAMES = ['a', 'b', 'c'];
const socketOf = (node: string) => `/run/lanlab-swarm/${node}/docker.sock`;

export const lacking = NAMES.every((node) => existsSync(socketOf(node)))
  ? undefined
  : 'there are no three engines; start them: scripts/swarm-nodes.sh up 3';

/** From now on this process speaks to the manager. */
export function pointToManager(): void {
  process.env.DOCKER_HOST = `unix://${socketOf('a')}`;
}

export function engineOf(node: string): Docker {
  return new Docker({ socketPath: socketOf(node) });
}

/** The endpoints of all three, as `--machines` takes them. */
export const MACHINES = NAMES.map((node) => `${node}=unix://${socketOf(node)}`).join(',');

const cable = (node: string, state: 'up' | 'down') =>
  promisify(execFile)('ip', ['-n', 'lanlab-swarm', 'link', 'set', `to-${node}`, state]);

/** Pulls the cable of a node, and puts it back. */
export const cutOff = (node: string) => cable(node, 'down');
export const reconnect = (node: string) => cable(node, 'up');

const FIREWALL = 'inet lanlabtest';

/** As a firewall at a node: nothing from the other one comes to VXLAN's port. */
export async function shutPort(at: string, from: string): Promise<void> {
  const source = `10.231.0.${NAMES.indexOf(from) + 1}`;
  const rule = `ip saddr ${source} udp dport 14789 drop`;
  await nft(
    at,
    `add table ${FIREWALL}; add chain ${FIREWALL} in { type filter hook input priority 0; }; add rule ${FIREWALL} in ${rule}`,
  );
}

export const openPort = (at: string): Promise<string> => nft(at, `delete table ${FIREWALL}`);

async function nft(node: string, commands: string): Promise<string> {
  const command = ['netns', 'exec', `lanlab-node-${node}`, 'nft', commands];
  return (await promisify(execFile)('ip', command)).stdout;
}

/** The tables of nftables that lanlab has at a node. */
async function tables(node: string): Promise<string[]> {
  const found = (await nft(node, 'list tables')).matchAll(/lanlab_\w+/g);
  return [...found].map(([table]) => table.replaceAll('_', '-'));
}

/** Everything of the labs with these names, since other tests have labs there, on any of the machines: containers, networks, volumes, VXLAN ports, and what leads to the machines. */
export async function leftovers(...labs: string[]): Promise<string[]> {
  const isOf = (name = '') => labs.some((lab) => name.startsWith(`lanlab-${lab}-`));
  const each = await Promise.all(
    NAMES.map(async (node) => {
      const docker = engineOf(node);
      const [containers, networks, { Volumes }] = await Promise.all([
        docker.listContainers({ all: true }),
        docker.listNetworks(),
        docker.listVolumes(),
      ]);
      const named = [
        ...containers.map(({ Names }) => Names[0]!.slice(1)),
        ...networks.map(({ Name }) => Name),
        ...(Volumes ?? []).map(({ Labels }) => `lanlab-${Labels?.['lanlab.lab']}`),
        ...(await ports(node)),
        ...(await tables(node)),
      ];
      return named.filter(isOf).map((name) => `${node}: ${name}`);
    }),
  );
  const manager = engineOf('a');
  const [services, secrets, configs] = await Promise.all([
    manager.listServices(),
    manager.listSecrets(),
    manager.listConfigs(),
  ]);
  const swarm = [...services, ...secrets, ...configs].filter(({ Spec }) => isOf(Spec?.Name));
  return [...each.flat(), ...swarm.map(({ Spec }) => `swarm: ${Spec?.Name}`)];
}

async function ports(node: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ip', [
    '-n',
    `lanlab-node-${node}`,
    '-json',
    'link',
    'show',
    'type',
    'vxlan',
  ]);
  // The alias of a port is the id of its lab.
  const links = JSON.parse(stdout || '[]') as { ifname?: string; ifalias?: string }[];
  const own = links.filter(({ ifname }) => ifname?.startsWith('lanlab-'));
  return own.map(({ ifname, ifalias }) => `lanlab-${ifalias}-${ifname}`);
}

/** The lab's networks are bridges. Unless one leads out of the lab, it has no address of the machine and translates nothing. */
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import ipaddr from 'ipaddr.js';
import { SubnetTaken } from '../../errors.ts';
import type { PlannedNetwork } from '../../model/planned.ts';
import { bridgeOptions, ipv4Of } from '../bridge-options.ts';
import { asked, explain, isLocal, reasonOf } from './connection.ts';
import { isDead, LAB, type Lab, labelsOf, NAME, OWNER } from './labels.ts';
import { takeDown } from './take-down.ts';

const RIVAL_LOOKS = 20;
/** Milliseconds. */
const RIVAL_PAUSE = 100;
const COMPOSE_PROJECT = 'com.docker.compose.project';

export function networkName(lab: Lab, network: string): string {
  return `lanlab-${lab.id}-${network}`;
}

/** Refuses subnets that are in use, and names their user. Labs whose owners have ended are taken down for it. */
export async function refuseTaken(docker: Docker, networks: PlannedNetwork[]): Promise<void> {
  await refuseTakenByNetwork(docker, networks);
  if (!isLocal(docker)) return;
  const routes = await machineRoutes();
  for (const network of networks) {
    const { name } = network;
    const subnet = ipv4Of(network)?.subnet;
    const route = subnet === undefined ? undefined : routes.find((each) => collides(subnet, each));
    if (!route || subnet === undefined) continue;
    const how = route.attached ? 'is itself in' : 'has a route to';
    throw taken(name, subnet, `this machine ${how} ${route.subnet} (${route.through})`);
  }
}

/** For a network of IPv6 alone, and for a /31, Docker takes a subnet of its own, and no host has an address of it. */
export async function createNetwork(docker: Docker, lab: Lab, network: PlannedNetwork): Promise<void> {
  const four = ipv4Of(network);
  const config = four ? [{ Subnet: four.subnet, Gateway: four.engineAddress }] : [];
  for (let tries = 1; ; tries++) {
    try {
      await docker.createNetwork({
        Name: networkName(lab, network.name),
        Driver: 'bridge',
        EnableIPv6: false,
        Labels: labelsOf(lab),
        IPAM: { Driver: 'default', Config: config },
        Options: bridgeOptions(network),
      });
      return;
    } catch (error) {
      const subnets = network.subnets.map(({ subnet }) => subnet).join(', ');
      const refusal = explain(error, `make the network ${network.name} (${subnets})`);
      if (!/overlaps/i.test(reasonOf(error)) || tries > RIVAL_LOOKS) throw refusal;
      // Another network was made between our look and our call. The engine lists a network only once it is complete, and
      // no more when it is almost gone.
      await refuseTakenByNetwork(docker, [network]);
      await pause(RIVAL_PAUSE);
    }
  }
}

/**
 * A network may appear after its lab was swept: the engine finishes the last call of an owner that has been killed.
 */
async function refuseTakenByNetwork(docker: Docker, networks: PlannedNetwork[]): Promise<void> {
  for (;;) {
    const others = await asked('list its networks', () => docker.listNetworks());
    const dead = others.filter(({ Labels }) => Labels?.[LAB] && isDead(Labels[OWNER] ?? ''));
    const living = others.filter((other) => !dead.includes(other));
    for (const network of networks) refuseIfAmong(living, network);
    const left = dead.find((other) => networks.some((network) => subnetIn(other, network)));
    if (!left) return;
    await takeDown(docker, left.Labels![LAB]!);
  }
}

function refuseIfAmong(others: Docker.NetworkInspectInfo[], network: PlannedNetwork): void {
  for (const other of others) {
    const used = subnetIn(other, network);
    if (used === undefined) continue;
    const lab = other.Labels?.[LAB];
    const project = other.Labels?.[COMPOSE_PROJECT];
    const whose = lab
      ? `the lab ${other.Labels?.[NAME]} (${lab}) uses it`
      : `the Docker network ${other.Name} uses it`;
    throw taken(network.name, ipv4Of(network)!.subnet, `${whose} (${used})`, { lab, project });
  }
}

/** The subnet of a Docker network that overlaps with our network's. */
function subnetIn(other: Docker.NetworkInspectInfo, network: PlannedNetwork): string | undefined {
  const subnet = ipv4Of(network)?.subnet;
  if (subnet === undefined) return undefined;
  const subnets = other.IPAM?.Config?.flatMap(({ Subnet }) => Subnet ?? []) ?? [];
  return subnets.find((each) => overlap(subnet, each));
}

/** The user of a subnet, where it is known: a lab's id, a project of Docker Compose. */
interface Rival {
  lab?: string | undefined;
  project?: string | undefined;
}

function taken(network: string, subnet: string, why: string, { lab, project }: Rival = {}): SubnetTaken {
  const other = lab
    ? ', take that lab down with `lanlab down`, or wait for it with `--on-conflict wait`'
    : project && `, or take that project down: docker compose -p ${project} down`;
  const hint = `give ${network} another subnet${other ?? ''}`;
  return new SubnetTaken(`the subnet ${subnet} of ${network} is taken: ${why}`, { hint, rival: lab });
}

export interface Route {
  subnet: string;
  through: string;
  /** The machine itself has an address in it. */
  attached: boolean;
}

/**
 * Whether this is a network that the machine is in, or a route into our subnet. A wide route that only covers it (a VPN's
 * 10.0.0.0/8) does not collide: a lab's bridge has no address, so no packet of the machine goes the wrong way.
 */
export function collides(subnet: string, route: Route): boolean {
  if (!overlap(subnet, route.subnet)) return false;
  return route.attached || ipaddr.parseCIDR(route.subnet)[1] >= ipaddr.parseCIDR(subnet)[1];
}

export async function machineRoutes(): Promise<Route[]> {
  const attached: Route[] = [];
  for (const [through, addresses = []] of Object.entries(networkInterfaces())) {
    for (const { cidr, family } of addresses) {
      if (cidr && family === 'IPv4') attached.push({ subnet: cidr, through, attached: true });
    }
  }
  // Where there is no such file (not Linux) the engine is in a machine of its own.
  const table = await readFile('/proc/net/route', 'latin1').catch(() => '');
  return [...attached, ...table.split('\n').slice(1).flatMap(routeOf)];
}

/** A line of /proc/net/route: addresses are hexadecimal, in the machine's byte order (little-endian). */
function routeOf(line: string): Route[] {
  const [through, destination, , , , , , mask] = line.split(/\s+/);
  if (!through || !destination || !mask || Number.parseInt(mask, 16) === 0) return [];
  const prefix = ipaddr.IPv4.parse(dotted(mask)).prefixLengthFromSubnetMask();
  return prefix === null ? [] : [{ subnet: `${dotted(destination)}/${prefix}`, through, attached: false }];
}

function dotted(hex: string): string {
  return [...Buffer.from(hex, 'hex').reverse()].join('.');
}

function overlap(one: string, other: string): boolean {
  if (!ipaddr.IPv4.isValidCIDR(one) || !ipaddr.IPv4.isValidCIDR(other)) return false;
  const [a, b] = [ipaddr.IPv4.parseCIDR(one), ipaddr.IPv4.parseCIDR(other)];
  const shorter = Math.min(a[1], b[1]);
  return a[0].match(b[0], shorter);
}

/** Subnets that a lab on this Docker Engine cannot have, so that `auto` does not choose them. */
import type Docker from 'dockerode';
import ipaddr from 'ipaddr.js';
import { asked, isLocal } from './connection.ts';
import { machineRoutes } from './networks.ts';

/** A route as wide as this (a VPN's 10.0.0.0/8) covers too much to count, and a lab misleads no packet of the machine. */
const WIDE = 10;

export async function takenSubnets(docker: Docker): Promise<string[]> {
  const networks = await asked('list its networks', () => docker.listNetworks());
  const subnets = networks.flatMap(({ IPAM }) => IPAM?.Config?.flatMap(({ Subnet }) => Subnet ?? []) ?? []);
  const routes = isLocal(docker) ? await machineRoutes() : [];
  const narrow = routes.filter(({ subnet, attached }) => attached || ipaddr.parseCIDR(subnet)[1] > WIDE);
  return [...subnets, ...narrow.map(({ subnet }) => subnet)].filter((subnet) =>
    ipaddr.IPv4.isValidCIDR(subnet),
  );
}

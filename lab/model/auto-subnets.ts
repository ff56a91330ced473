/** Subnets for networks written `auto`: ones that nobody uses on this machine. Pure: the caller tells which are taken. */
import { LabError } from '../errors.ts';
import { overlap, printSubnet, subnetFrom, subnetOf } from './address.ts';
import type { Network, Scenario } from './types.ts';

/** The word that a scenario writes in place of a subnet. */
export const AUTO = 'auto';

/** 10.200.0.0 to 10.239.255.0, each a /24: room for every host a lab may have. */
const FIRST = 0x0a_c8_00_00n;
const PREFIX = 24;
const SIZE = 2 ** (32 - PREFIX);
export const CANDIDATES = 40 * 256;

export function hasAuto({ networks }: Pick<Scenario, 'networks'>): boolean {
  return networks.some(isAuto);
}

function isAuto({ subnets }: Network): boolean {
  return subnets.includes(AUTO);
}

/**
 * The scenario with a subnet for every network: the first candidates, from `start` on and round, that do not overlap
 * `taken` or another network of the scenario. The same arguments give the same subnets.
 */
export function settleSubnets(scenario: Scenario, taken: readonly string[] = [], start = 0): Scenario {
  if (!hasAuto(scenario)) return scenario;
  const written = scenario.networks.flatMap(({ subnets }) => subnets).filter((subnet) => subnet !== AUTO);
  const used = [...taken, ...written].map(subnetFrom);
  let next = start;
  const free = (): string => {
    for (const end = start + CANDIDATES; next < end; next++) {
      const number = FIRST + BigInt((next % CANDIDATES) * SIZE);
      const candidate = subnetOf({ family: 'ipv4', number }, PREFIX);
      if (used.some((other) => overlap(candidate, other))) continue;
      used.push(candidate);
      return printSubnet(candidate);
    }
    throw new LabError('scenario', 'no subnet is free for a network written `auto`', {
      hint: 'write a subnet, or take down other labs (lanlab down)',
    });
  };
  const networks = scenario.networks.map((network) =>
    isAuto(network) ? { ...network, subnets: [free()] } : network,
  );
  return { ...scenario, networks };
}

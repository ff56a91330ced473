/** The features that the engine `swarm` never has, and its own MTU. */
import { VXLAN_OVERHEAD } from '../../keeper/calls.ts';
import type { Plan } from '../../model/planned.ts';

export const NEVER = {
  internet: 'each machine would be the way out of the same network, with the same address',
} as const;

/** Ethernet's, less the headers of VXLAN. */
export const MTU = 1500 - VXLAN_OVERHEAD;

export function unsupported({ networks }: Plan): string[] {
  return networks
    .filter(({ internet }) => internet)
    .map(({ name }) => `network ${name} leads to the internet; ${NEVER.internet}`);
}

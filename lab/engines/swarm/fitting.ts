/** Which nodes can take part in a lab, and which hosts a node has room for. Pure. */
import { LabError } from '../../errors.ts';
import type { PlannedHost } from '../../model/planned.ts';
import type { Member } from './node.ts';

/** Bytes that a host takes at least: its agent, while it is asked for nothing. */
const LEAST_MEMORY = 16 * 1024 * 1024;

/** Two names of one kind of machine: that of the kernel, and that of images. */
const SAME: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/**
 * Images are made on one node and given to the others, so a node of another architecture could not start them. Those of
 * `leftOut` come with the reason: `c (aarch64, and a is x86_64)`.
 */
export function fitting<One extends Member>(
  nodes: readonly One[],
  maker: Pick<Member, 'name' | 'architecture'>,
): { nodes: One[]; leftOut: string[] } {
  const its = kindOf(maker);
  const fits = (node: Member) => kindOf(node) === its;
  return {
    nodes: nodes.filter(fits),
    leftOut: nodes
      .filter((node) => !fits(node))
      .map((node) => `${node.name} (${kindOf(node)}, and ${maker.name} is ${its})`),
  };
}

function kindOf({ architecture }: Pick<Member, 'architecture'>): string {
  return SAME[architecture] ?? architecture;
}

/** Throws LabError (`engine`) where a node has not even the memory for the agents of its hosts. */
export function refuseFull(
  hosts: readonly Pick<PlannedHost, 'node'>[],
  nodes: readonly Pick<Member, 'name' | 'memory'>[],
): void {
  for (const { name, memory } of nodes) {
    const count = hosts.filter(({ node }) => node === name).length;
    if (count * LEAST_MEMORY <= memory) continue;
    const size = `${Math.floor(memory / 1024 ** 2)} MiB`;
    throw new LabError('engine', `the node ${name} has ${size} of memory, and ${count} hosts need more`, {
      hint: 'add a machine, write `on` at some of the hosts, or have fewer hosts',
    });
  }
}

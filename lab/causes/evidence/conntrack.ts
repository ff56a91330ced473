/** The flows of a router's connection tracking: /proc/net/nf_conntrack, a line for each flow. */
import type { Endpoint } from '../../agent/endpoint.ts';
import type { Machine } from './machine.ts';

/** A tracked flow: the ends as its first packet had them, and as its answers have them. */
export interface Flow {
  transport: string;
  original: { source: Endpoint; destination: Endpoint };
  reply: { source: Endpoint; destination: Endpoint };
}

/** The flows of TCP and UDP. Rejects with Unanswered where the kernel does not show them. */
export async function flowsOf(machine: Machine): Promise<Flow[]> {
  return readFlows(await machine.says('cat', '/proc/net/nf_conntrack'));
}

const ENDS = /src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g;

/** Pure. */
export function readFlows(printed: string): Flow[] {
  return printed.split('\n').flatMap((line) => {
    const [, , transport = ''] = line.split(/\s+/);
    const [original, reply] = [...line.matchAll(ENDS)].map(([, source, destination, from, to]) => ({
      source: { address: source!, port: Number(from) },
      destination: { address: destination!, port: Number(to) },
    }));
    return original && reply ? [{ transport, original, reply }] : [];
  });
}

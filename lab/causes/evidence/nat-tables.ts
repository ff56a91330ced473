/** The mappings of a NAT, and the peers to which its hosts have sent: the tables of its rules (lab/agent/nft/nat.ts). */
import { z } from 'zod';
import type { Endpoint } from '../../agent/endpoint.ts';
import type { Machine } from './machine.ts';

/** The name of the NAT's rule that drops a packet from outside. */
export const NOBODY_ASKED = 'nat: nobody inside asked for it';

export interface NatTables {
  /** The inside end of each outside port. */
  inward: { transport: string; port: number; inside: Endpoint }[];
  /** The peers to which a host inside has sent; `peer` is undefined where the NAT's filter does not look at it. */
  asked: { transport: string; inside: Endpoint; peer?: { address: string; port?: number } }[];
}

export async function natTablesOf(machine: Machine): Promise<NatTables> {
  return readNatTables(await machine.says('nft', '-j', 'list', 'table', 'inet', 'lanlab_nat'));
}

const word = z.union([z.string(), z.number()]);
const key = z.object({ elem: z.object({ val: z.object({ concat: z.array(word) }) }) });
const pair = z.tuple([key, z.object({ concat: z.array(word) })]);
const listing = z.object({
  nftables: z.array(
    z.object({
      map: z.object({ name: z.string(), elem: z.array(pair).default([]) }).optional(),
      set: z.object({ name: z.string(), elem: z.array(key).default([]) }).optional(),
    }),
  ),
});

/** Pure. */
export function readNatTables(json: string): NatTables {
  const { nftables } = listing.parse(JSON.parse(json));
  const inward = nftables.find(({ map }) => map?.name === 'inward')?.map?.elem ?? [];
  const asked = nftables.find(({ set }) => set?.name === 'asked')?.set?.elem ?? [];
  return {
    inward: inward.map(([{ elem }, { concat }]) => {
      const [transport, port] = elem.val.concat;
      return { transport: String(transport), port: Number(port), inside: endpointOf(concat) };
    }),
    asked: asked.map(({ elem }) => {
      const [transport, address, port, theirs, theirPort] = elem.val.concat;
      return {
        transport: String(transport),
        inside: endpointOf([address, port]),
        ...(theirs !== undefined && {
          peer: { address: String(theirs), ...(theirPort !== undefined && { port: Number(theirPort) }) },
        }),
      };
    }),
  };
}

function endpointOf([address, port]: readonly (string | number | undefined)[]): Endpoint {
  return { address: String(address), port: Number(port) };
}

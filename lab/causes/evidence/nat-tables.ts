/** What a NAT has given out, and to whom its hosts have sent: the tables of its rules (lab/agent/nft/nat.ts). */
import { z } from 'zod';
import type { Endpoint } from '../../agent/endpoint.ts';
import type { Machine } from './machine.ts';

/** What its rules say of a packet that they drop. */
export const NOBODY_ASKED = 'nat: nobody inside asked for it';

export interface NatTables {
  /** Whose an outside port is. */
  inward: { transport: string; port: number; inside: Endpoint }[];
  /** Whom a host inside has sent to; `peer` is undefined where the NAT does not ask. */
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

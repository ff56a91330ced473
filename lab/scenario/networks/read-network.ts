/** A network as it was read. */
import type { Node } from 'yaml';
import type { Where } from '../../errors.ts';
import type { Subnet } from '../../model/address.ts';
import type { Link } from '../../model/link.ts';

/** What a host can do for a network: hand out its addresses, answer for its names. */
export const DUTIES = ['dhcp', 'dns'] as const;

export type Duty = (typeof DUTIES)[number];

export interface ReadNetwork {
  name: string;
  /** In the order written; none where they could not be read, and where one is handed out. */
  subnets: Subnet[];
  /** Written `auto`. */
  auto?: true;
  mtu?: number;
  internet?: true;
  link?: Link;
  /** Hosts that serve it, and where they are named. */
  servers: { duty: Duty; host: string; at: Node }[];
  where: Where;
}

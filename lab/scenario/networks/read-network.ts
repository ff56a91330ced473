/** A network as it was read. */
import type { Node } from 'yaml';
import type { Where } from '../../errors.ts';
import type { Subnet } from '../../model/address.ts';
import type { Link } from '../../model/link.ts';
import type { Dhcp } from '../../model/types.ts';
import type { Place } from '../text/page.ts';

/** The duties that a host can have for a network: `dhcp` hands out its addresses, `dns` answers for its names. */
export const DUTIES = ['dhcp', 'dns'] as const;

export type Duty = (typeof DUTIES)[number];

export interface Server {
  duty: Duty;
  host: string;
  /** Where the host is named. */
  at: Place;
  /** The value of `dhcp`. */
  dhcp?: { terms: Dhcp; value: Node | null; key: Node };
}

export interface ReadNetwork {
  name: string;
  /** In the order written; none where they could not be read, and none where one is handed out. */
  subnets: Subnet[];
  /** The subnet is written as `auto`. */
  auto?: true;
  mtu?: number;
  internet?: true;
  link?: Link;
  /** Hosts that serve the network, and where they are named. */
  servers: Server[];
  where: Where;
}

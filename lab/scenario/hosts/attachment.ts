/** A host's card on a network, as it was read. */
import type { Node } from 'yaml';
import type { Address } from '../../model/address.ts';
import type { Link } from '../../model/link.ts';

export interface Attachment {
  network: string;
  /** The node that names the network. */
  named: Node;
  /** The first address where there is one, else the node that names the network. */
  at: Node;
  /** Those that were written, in that order. */
  addresses: { address: Address; at: Node }[];
  /** What its cable does to frames. */
  link?: Link;
  /** What the network's cables all do. */
  ofNetwork?: Link;
  /** In lower case. */
  mac?: { value: string; at: Node };
}

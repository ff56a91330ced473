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
  /** The addresses that were written, in that order. */
  addresses: { address: Address; at: Node }[];
  /** The impairments of its cable. */
  link?: Link;
  /** The impairments of all cables of the network. */
  ofNetwork?: Link;
  /** Bytes of the largest packet that its card sends and takes. */
  mtu?: { value: number; at: Node };
  /** It asks for its written address; the node that says so. */
  asks?: Node;
  /** In lower case. */
  mac?: { value: string; at: Node };
}

/** A host as it was read. */
import type { Node } from 'yaml';
import type { Host } from '../../model/types.ts';
import type { Place } from '../text/page.ts';
import type { Entry } from '../text/tree.ts';
import type { Attachment } from './attachment.ts';

export interface ReadHost {
  host: Host;
  at: Node;
  attachments: Attachment[];
  /** The routers that `gateway` names, and where they are named. */
  gateways: { text: string; at: Place }[];
  /** The lines of `routes`, in the order written. */
  routes: ReadRoute[];
  /** All its keys. */
  keys: readonly Entry[];
}

/** One line of `routes`, and where its two parts stand. */
export interface ReadRoute {
  /** `10.9.0.0/16`, or `default`. */
  to: string;
  via: string;
  at: Node;
  viaAt: Node;
}

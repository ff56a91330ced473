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
  /** All its keys. */
  keys: readonly Entry[];
}

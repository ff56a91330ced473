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
  /** What `gateway` names, and where it stands. */
  gateways: { text: string; at: Place }[];
  /** Everything that is written of it. */
  keys: readonly Entry[];
}

/** What a step, and whoever looks at its outcome, knows of the lab and of what earlier steps left. */
import type { Endpoint, Lacking } from '../agent/protocol.ts';
import type { LiveHost } from '../host.ts';
import type { Conversation } from './conversation.ts';

export interface StepContext {
  /** The host at which the step is done. A step that is done to the whole lab has none, and must not ask. */
  host: LiveHost;
  hosts: ReadonlyMap<string, LiveHost>;
  /** Conversations and listeners that earlier steps named, by `host` and name; closed when the run ends. */
  named: Map<string, Conversation>;
  /** Faults that earlier steps made, in order; those that were skipped too. Healed when the run ends. */
  faults: MadeFault[];
  /** One literal address and port for `echo:9000`, chosen for the network that the step's host shares with it. */
  resolve(endpoint: string, defaultPort?: number): Endpoint;
}

/** What has come of a fault's step, and the name it gave. */
export type MadeFault = { as?: string | undefined } & (
  | { fault: { heal(): Promise<string> }; lacking?: undefined }
  | { fault?: undefined; lacking: Lacking }
);

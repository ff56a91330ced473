/** A socket that is open on an agent: how later calls name it, and its ends. */
import type { Endpoint } from './endpoint.ts';

/** A socket that stays on the agent between calls. */
export type Handle = string;

export interface Opened {
  handle: Handle;
  local: Endpoint;
}
export interface Connected extends Opened {
  remote: Endpoint;
}

/** One question of a higher client and its answer. */
import type { Endpoint } from '../agent/endpoint.ts';

/** What a client's call was, for the server's side of it: see `toHaveSeen`. */
export interface Exchange {
  transport: 'tcp' | 'udp';
  local: Endpoint;
  remote: Endpoint;
  /** Milliseconds since the Unix epoch, taken before the first frame. */
  opened: number;
}

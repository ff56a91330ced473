/** One question of a client above TCP or UDP (time, NTP, files), and its answer. */
import type { Endpoint } from '../agent/endpoint.ts';

/** The ends and the time of a client's call. `toHaveSeen` looks for them at the server. */
export interface Exchange {
  transport: 'tcp' | 'udp';
  local: Endpoint;
  remote: Endpoint;
  /** Milliseconds since the Unix epoch, taken before the first frame. */
  opened: number;
}

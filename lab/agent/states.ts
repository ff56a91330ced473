/** The state of a host, from its kernel, as the agent tells it. */
import type { Endpoint } from './endpoint.ts';

export interface InterfaceState {
  name: string;
  mac: string;
  up: boolean;
  /** Its cable is plugged in; false also where it is not up. */
  carrier: boolean;
  mtu: number;
  addresses: { address: string; prefix: number }[];
}
export interface RouteState {
  to: string;
  via?: string;
  interface: string;
  source?: string;
}
export interface NeighbourState {
  address: string;
  mac?: string;
  interface: string;
  state: string;
}
export interface ProcessState {
  pid: number;
  /** The command's name, at most 15 bytes. */
  name: string;
  /** The kernel's letter (proc(5)): `S` asleep, `R` running, `T` stopped, `Z` ended and not waited for. */
  state: string;
}
export interface SocketState {
  transport: 'tcp' | 'udp';
  state: string;
  local: Endpoint;
  /** It has the address `::`, and takes nothing of IPv4. */
  ipv6Only?: true;
  peer: Endpoint;
  receiveQueue: number;
  sendQueue: number;
}

/** The kernel's view of the host's interfaces, routes, neighbours and sockets (iproute2). */
import { readdirSync, readFileSync } from 'node:fs';
import type { Endpoint } from './endpoint.ts';
import type { AgentCalls, InterfaceState, NeighbourState, RouteState, SocketState } from './protocol.ts';
import { tool } from './tool.ts';

interface IpLink {
  ifname: string;
  address?: string;
  flags: string[];
  mtu: number;
  addr_info?: { local: string; prefixlen: number }[];
}
interface IpRoute {
  dst: string;
  gateway?: string;
  dev: string;
  prefsrc?: string;
}
interface IpNeighbour {
  dst: string;
  lladdr?: string;
  dev: string;
  state: string[];
}

/** The cable's ends and loopback are not the host's cards. */
const CABLE = /^(lo|(wire|away|patch|turn|back|exit|left|entry|come)\d+)$/;

async function ip<T>(...args: string[]): Promise<T[]> {
  const text = await tool(['ip', '-j', ...args]);
  return text.trim() === '' ? [] : (JSON.parse(text) as T[]);
}

async function interfaces(): Promise<InterfaceState[]> {
  const links = await ip<IpLink>('address', 'show');
  return links
    .filter(({ ifname }) => !CABLE.test(ifname))
    .map(({ ifname, address, flags, mtu, addr_info }) => ({
      name: ifname,
      mac: address ?? '',
      up: flags.includes('UP'),
      carrier: flags.includes('LOWER_UP'),
      mtu,
      addresses: (addr_info ?? []).map(({ local, prefixlen }) => ({ address: local, prefix: prefixlen })),
    }));
}

const CARDS = '/sys/class/net';

/** From sysfs. A card that is down has no carrier, but the kernel refuses to say so (EINVAL). */
async function carriers(): Promise<string[]> {
  const carrierOf = (card: string) => {
    try {
      return readFileSync(`${CARDS}/${card}/carrier`, 'utf8').trim();
    } catch {
      return '';
    }
  };
  const cards = readdirSync(CARDS).filter((name) => !CABLE.test(name));
  return cards.filter((card) => carrierOf(card) === '1');
}

async function routes(): Promise<RouteState[]> {
  const found = [
    ...(await ip<IpRoute>('-4', 'route', 'show')),
    ...(await ip<IpRoute>('-6', 'route', 'show')),
  ];
  return found.map(({ dst, gateway, dev, prefsrc }) => ({
    to: dst,
    interface: dev,
    ...(gateway !== undefined && { via: gateway }),
    ...(prefsrc !== undefined && { source: prefsrc }),
  }));
}

async function neighbours(): Promise<NeighbourState[]> {
  const found = await ip<IpNeighbour>('neighbour', 'show');
  return found.map(({ dst, lladdr, dev, state }) => ({
    address: dst,
    interface: dev,
    state: state.join(','),
    ...(lladdr !== undefined && { mac: lladdr }),
  }));
}

/** `[::ffff:10.0.0.1]:80`, `10.0.0.1%eth0:80`, `*:80` as `ss` prints them; a port of `*` is 0. */
export function parseSocketAddress(text: string): Endpoint {
  const colon = text.lastIndexOf(':');
  const address = text
    .slice(0, colon)
    .replace(/%[^\]]*/, '')
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:(?=\d+\.)/i, '');
  return { address: address === '*' ? '::' : address, port: Number(text.slice(colon + 1)) || 0 };
}

/** One line of `ss -Htuan`. */
export function parseSocketLine(line: string): SocketState | undefined {
  const [transport, state, receiveQueue, sendQueue, local, peer] = line.trim().split(/\s+/);
  const ipv6Only = local?.startsWith('[::]:');
  if ((transport !== 'tcp' && transport !== 'udp') || !state || !local || !peer) return undefined;
  return {
    transport,
    state,
    local: parseSocketAddress(local),
    ...(ipv6Only && { ipv6Only }),
    peer: parseSocketAddress(peer),
    receiveQueue: Number(receiveQueue),
    sendQueue: Number(sendQueue),
  };
}

/** Docker's own name server has sockets in every container; they are not part of the host. */
const ENGINE_ADDRESS = '127.0.0.11';

async function sockets(): Promise<SocketState[]> {
  const lines = (await tool(['ss', '-Htuan'])).split('\n');
  return lines
    .flatMap((line) => parseSocketLine(line) ?? [])
    .filter(({ local }) => local.address !== ENGINE_ADDRESS);
}

async function forgetNeighbours(): Promise<void> {
  await tool(['ip', 'neighbour', 'flush', 'all']);
}

export const stateCalls: Pick<
  AgentCalls,
  'interfaces' | 'carriers' | 'routes' | 'neighbours' | 'forgetNeighbours' | 'sockets'
> = {
  interfaces,
  carriers,
  routes,
  neighbours,
  forgetNeighbours,
  sockets,
};

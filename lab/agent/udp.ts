/**
 * UDP endpoints: RFC 768, multicast RFC 1112 and RFC 4291 section 2.7. Each address has a socket of its own, so that it is
 * known where each datagram was sent to.
 */
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { cardsOf, everyAddress, ownAddresses } from './addresses.ts';
import { bindSocket, closeSockets, connectSocket, familyOf, sourceFor } from './binding.ts';
import { DatagramSocket } from './datagrams.ts';
import type { Endpoint } from './endpoint.ts';
import type { Handles } from './handles.ts';
import type { Report } from './listener-events.ts';
import type { AgentCalls, Opened } from './protocol.ts';

type OpenRequest = Parameters<AgentCalls['udpOpen']>[0];
type Group = NonNullable<OpenRequest['join']>[number];

async function openClient(request: OpenRequest, to: Endpoint): Promise<DatagramSocket> {
  const address = request.bind?.address ?? (await sourceFor(to));
  const connected = request.connect === true;
  const sockets = await openAll([address], request, connected ? to : undefined);
  return new DatagramSocket(sockets, { to, connected });
}

async function openListener(request: OpenRequest, report: Report): Promise<DatagramSocket> {
  const addresses =
    request.bind?.address !== undefined ? [request.bind.address] : everyAddress(request.family);
  return new DatagramSocket(await openAll(addresses, request), { report });
}

/** A socket for each address, and one for each group, all on the same port. All of them or none. */
async function openAll(addresses: string[], request: OpenRequest, connectTo?: Endpoint): Promise<Socket[]> {
  const groups = (request.join ?? []).flatMap(onCards);
  const sockets: Socket[] = [];
  let port = request.bind?.port ?? 0;
  try {
    for (const address of new Set([...addresses, ...groups.map(({ group }) => group)])) {
      const socket = await bindSocket(familyOf(address), address, port, request.reuse);
      sockets.push(socket);
      port = socket.address().port;
      setUp(socket, address, request.ttl);
      joinAll(
        socket,
        groups.filter(({ group }) => group === address),
      );
      if (connectTo && sockets.length === 1) await connectSocket(socket, connectTo);
    }
  } catch (error) {
    closeSockets(sockets);
    throw error;
  }
  return sockets;
}

function setUp(socket: Socket, address: string, ttl: number | undefined): void {
  if (ttl !== undefined) socket.setTTL(ttl);
  if (ttl !== undefined) socket.setMulticastTTL(ttl);
  const own = ownAddresses().find((one) => one.address === address);
  if (own && !own.internal) socket.setMulticastInterface(own.family === 'ipv6' ? `::%${own.card}` : address);
}

/** A group of IPv6 is one of a card (RFC 4007): it becomes one group for each card, with the card's zone. */
function onCards({ group, on }: Group): Group[] {
  if (!isIPv6(group)) return [{ group, ...(on !== undefined && { on }) }];
  const card = on === undefined ? undefined : ownAddresses().find(({ address }) => address === on)?.card;
  return (card === undefined ? cardsOf('ipv6') : [card]).map((name) => ({ group: `${group}%${name}` }));
}

function joinAll(socket: Socket, groups: readonly Group[]): void {
  const every = ownAddresses().filter(({ family, internal }) => !internal && family === 'ipv4');
  for (const { group } of groups) {
    const [plain = '', zone] = group.split('%');
    if (zone !== undefined) socket.addMembership(plain, `::%${zone}`);
  }
  const cards = groups
    .filter(({ group }) => !group.includes('%'))
    .flatMap(({ on }) => on ?? every.map(({ address }) => address));
  for (const card of new Set(cards)) socket.addMembership(socket.address().address, card);
}

type UdpCalls = Pick<AgentCalls, 'udpOpen' | 'udpSend' | 'udpReceive'>;

export function udpCalls(handles: Handles, report: Report): UdpCalls {
  const get = (handle: string, call: string) => handles.get(handle, DatagramSocket, call);
  return {
    udpOpen: async (request): Promise<Opened> => {
      const socket = await (request.to ? openClient(request, request.to) : openListener(request, report));
      return { handle: handles.keep(socket), local: socket.local };
    },
    udpSend: async ({ handle, to, bytes }) => get(handle, 'send').send(bytes, to),
    udpReceive: async ({ handle, giveUp }) => get(handle, 'recvfrom').receive(giveUp),
  };
}

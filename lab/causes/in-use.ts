/** The port that the step wants is in use: the line names the user. */
import type { Endpoint } from '../agent/endpoint.ts';
import type { SocketState } from '../agent/protocol.ts';
import { familyOf } from '../model/address.ts';
import { showEndpoint } from '../outcomes/show.ts';
import type { Cause } from './cause.ts';
import type { Evidence } from './evidence/evidence.ts';

export const inUse: Cause = {
  word: 'in-use',
  async find(evidence) {
    const { symptom, here, outcome } = evidence;
    const wanted = outcome.binds;
    if (!wanted || (symptom !== 'in-use' && symptom !== 'not-available')) return undefined;
    const { transport, port } = wanted;
    const all = (await here.sockets()).filter(
      (one) => one.transport === transport && one.local.port === port,
    );
    const held =
      all.find((one) => one.peer.port === 0 && overlap(one.local, wanted)) ?? all.find(isConnection);
    if (!held || (symptom === 'not-available' && !isConnection(held))) return undefined;
    return `${here.name}'s ${port}/${transport} is held by ${await holder(held, evidence)}`;
  },
};

function isConnection({ peer }: SocketState): boolean {
  return peer.port !== 0;
}

const EVERY = ['0.0.0.0', '::'];

function overlap(held: Endpoint, wanted: { address?: string }): boolean {
  const { address } = wanted;
  if (address === undefined || held.address === address) return true;
  // `::` is every address of IPv4 too, unless a program says otherwise.
  const meet = held.address === '::' || address === '::' || familyOf(held.address) === familyOf(address);
  return meet && (EVERY.includes(held.address) || EVERY.includes(address));
}

async function holder(socket: SocketState, evidence: Evidence): Promise<string> {
  if (socket.state === 'TIME-WAIT') return `a connection in TIME_WAIT (with ${showEndpoint(socket.peer)})`;
  const named = nameOf(socket, evidence);
  if (named !== undefined) return named;
  if (isConnection(socket)) return `a connection with ${showEndpoint(socket.peer)}`;
  return (await processOf(socket, evidence)) ?? `a socket on ${showEndpoint(socket.local)}`;
}

const KINDS = { listener: 'the listener', stream: 'the connection', datagrams: 'the UDP socket' };

/** The conversation that an earlier step opened under a name. */
function nameOf({ transport, local }: SocketState, { context, here }: Evidence): string | undefined {
  const found = [...context.named].find(([key, { kind, local: at }]) => {
    const same = (kind === 'datagrams') === (transport === 'udp') && at.port === local.port;
    return same && key.startsWith(`${here.name}/`);
  });
  return found && `${KINDS[found[1].kind]} \`${found[0].slice(here.name.length + 1)}\``;
}

/** The process, by `ss`. The agent does not see a process of a program that has its own process namespace. */
async function processOf({ transport, local }: SocketState, { here }: Evidence): Promise<string | undefined> {
  const flag = transport === 'tcp' ? '-Htlnp' : '-Hulnp';
  const printed = await here.says('ss', flag, `sport = :${local.port}`);
  const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(printed) ?? [];
  const runs = here.host.program !== undefined && here.host.ended === undefined;
  if (pid === undefined) return runs ? `${here.name}'s program` : undefined;
  const ofProgram = runs && (await here.processes()).some((one) => one.pid === Number(pid));
  return ofProgram ? `${here.name}'s program (process ${pid})` : `${name} (process ${pid})`;
}

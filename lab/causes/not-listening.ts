/** No program has the port at the target's address: a RST for TCP, an ICMP error for UDP. */
import type { SocketState } from '../agent/protocol.ts';
import { showEndpoint } from '../outcomes/show.ts';
import type { Cause } from './cause.ts';
import { covers, type Evidence, waiting } from './evidence/evidence.ts';
import { endedState, untilTold } from './evidence/faults-that-stand.ts';
import type { Machine } from './evidence/machine.ts';
import { portsOf } from './evidence/open-ports.ts';
import { cameTo, isReset } from './evidence/seen-frames.ts';

export const notListening: Cause = {
  word: 'not-listening',
  saysRefusal: true,
  async find(evidence) {
    const { target, there, symptom } = evidence;
    if (!there || !target || target.transport === 'icmp') return undefined;
    const { transport } = target;
    // Datagrams get an error too, and only a connected socket is told.
    const fits: string[] = transport === 'tcp' ? ['refused'] : ['refused', 'silence'];
    if (!fits.includes(symptom)) return undefined;
    const all = await waiting(there, transport);
    const same = all.filter(({ local }) => local.port === target.port);
    if (same.some((one) => covers(one, target.address))) return undefined;
    const elsewhere = same[0] && boundTo(there, same, transport);
    const said = elsewhere ?? (await nothing(evidence, there, all));
    return said === undefined ? undefined : `${await answer(evidence, there)}${said}`;
  },
};

function boundTo({ name }: Machine, same: readonly SocketState[], transport: string): string {
  const places = [...new Set(same.map(({ local }) => showEndpoint(local)))].join(', ');
  const what = transport === 'udp' ? 'udp ' : '';
  const six = same.every(({ local, ipv6Only }) => local.address === '::' && ipv6Only);
  return `${name}'s server is bound to ${what}${places} ${six ? 'for IPv6 alone' : 'only'}`;
}

async function nothing(evidence: Evidence, there: Machine, all: SocketState[]): Promise<string | undefined> {
  const { transport, port, address } = evidence.target!;
  const verb = transport === 'tcp' ? 'listens on' : 'is bound to udp';
  // A program that listens on another port has not ended.
  if (all.length === 0) await untilTold(there);
  const ended = endedState(evidence, there);
  const here = evidence.symptom === 'refused' ? 'nothing' : `nothing on ${there.name}`;
  if (ended) return `${here} ${verb} ${port}; ${ended}`;
  const other = transport === 'tcp' ? 'udp' : 'tcp';
  const others = await waiting(there, other);
  if (others.some((one) => one.local.port === port && covers(one, address)))
    return `${there.name} ${other === 'tcp' ? 'listens on' : 'is bound to'} ${other} ${port}, not ${transport}`;
  const ports = portsOf(all, address) || 'none';
  return `${here} ${verb} ${port} (${transport === 'tcp' ? `it listens on ${ports === 'none' ? 'no tcp port' : ports}` : `udp: ${ports}`})`;
}

/** The packet that refused, in words. Where the socket is not told of it, only a capture shows it. */
async function answer({ target, asked, symptom, seen, here }: Evidence, { name }: Machine): Promise<string> {
  if (symptom !== 'refused') return '';
  if (target?.transport === 'udp') return `port unreachable from ${name}: `;
  if (seen?.captured(here.name)) await seen.settled([here.name]);
  const found = seen?.frames.find((one) => {
    return isReset(one) && one.frame.ip?.source === asked?.address && cameTo(one, here.name);
  });
  return found ? `RST from ${name} (frame ${found.number}): ` : `RST from ${name}: `;
}

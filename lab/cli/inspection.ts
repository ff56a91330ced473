/** A lab that is up, host by host, for a person. */

import type { Endpoint } from '../agent/endpoint.ts';
import type { SocketState } from '../agent/protocol.ts';
import type { HostInspection } from '../daemon/protocol.ts';
import type { LabState } from '../daemon/state.ts';
import type { Plan } from '../model/planned.ts';
import { painter } from '../reports/paint.ts';
import { oneLine } from '../reports/printable.ts';
import { type TextOptions, topologyText } from '../reports/text.ts';

export interface Inspection {
  state: LabState;
  plan: Plan;
  hosts: HostInspection[];
}

export function inspectionText({ state, plan, hosts }: Inspection, options: TextOptions): string {
  const paint = painter(options);
  const engine =
    state.engineVersion === undefined ? state.engine : `${state.engine} (${state.engineVersion})`;
  const head = [
    `${paint('bold', state.lab)} ${state.id}`,
    `on ${engine}, ${state.phase}, since ${state.since}, daemon ${state.owner.pid}`,
    oneLine(state.file),
    '',
    topologyText(plan, options),
  ].join('\n');
  const blocks = hosts.map((host) => [
    paint('bold', host.name),
    ...linesOf(host).map((line) => `  ${oneLine(line)}`),
  ]);
  return `${head}\n${blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join('')}`;
}

function linesOf(host: HostInspection): string[] {
  const { program, interfaces = [], routes = [], neighbours = [], sockets = [], lacking } = host;
  return [
    ...(program ? [`program    ${program.what}: ${stateText(program)}`] : []),
    ...interfaces.map(({ name, mac, up, mtu, addresses }) => {
      const own = addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(' ');
      return `interface  ${name} ${own} ${mac} ${up ? 'up' : 'down'} mtu ${mtu}`;
    }),
    ...routes.map(
      ({ to, via, interface: card }) => `route      ${to} ${via ? `via ${via} ` : ''}dev ${card}`,
    ),
    ...neighbours.map(({ address, mac, state }) => `neighbour  ${address} ${mac ?? 'no MAC'} ${state}`),
    ...sockets.map((socket) => `socket     ${socketText(socket)}`),
    ...lacking.map((why) => `unknown    ${why}`),
  ];
}

function stateText({ state, exit, signal }: NonNullable<HostInspection['program']>): string {
  if (state !== 'ended') return state;
  return signal ? `ended by ${signal}` : `ended, exit ${exit}`;
}

function socketText({ transport, state, local, peer }: SocketState): string {
  const far = peer.port === 0 ? '' : ` > ${endpoint(peer)}`;
  return `${transport} ${state} ${endpoint(local)}${far}`;
}

function endpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

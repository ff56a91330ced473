/** The counts of a kernel for an open TCP connection, by the word of ss (tcp(7), TCP_INFO). */
import type { Endpoint } from '../agent/endpoint.ts';
import { patient } from '../agent/patience.ts';
import type { AgentCalls } from '../agent/protocol.ts';
import { showEndpoint } from '../outcomes/show.ts';

export interface TcpInfo {
  /** Segments that it has sent again. */
  retransmissions: number;
  /** The smoothed round-trip time in milliseconds (RFC 6298 section 2); absent where nothing was measured. */
  rtt?: number;
}

/** Milliseconds. */
const ANSWERED_WITHIN = 5000;

/** Undefined where the kernel does not have this connection any more, or the host has no ss. */
export async function tcpInfo(
  agent: Pick<AgentCalls, 'exec'>,
  { local, remote }: { local: Endpoint; remote: Endpoint },
): Promise<TcpInfo | undefined> {
  const argv = ['ss', '-Htin', 'src', showEndpoint(local), 'dst', showEndpoint(remote)];
  const { exit, stdout } = await agent.exec({ argv, env: { LC_ALL: 'C' }, giveUp: patient(ANSWERED_WITHIN) });
  return exit === 0 ? readTcpInfo(Buffer.from(stdout).toString()) : undefined;
}

/** `… rtt:40.2/0.5 … retrans:0/3 …`: the mean and the variation, those on their way and all. Pure. */
export function readTcpInfo(text: string): TcpInfo | undefined {
  if (text.trim() === '') return undefined;
  const rtt = /\brtt:([\d.]+)\//.exec(text)?.[1];
  const all = /\bretrans:\d+\/(\d+)/.exec(text)?.[1];
  return { retransmissions: Number(all ?? 0), ...(rtt !== undefined && { rtt: Number(rtt) }) };
}

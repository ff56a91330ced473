/** The state of a lab's hosts at this moment, as their own kernels tell it. */
import type { LiveHost } from '../live/host.ts';
import { programName } from '../reports/result.ts';
import type { HostInspection } from './protocol.ts';

const ASKED = ['interfaces', 'routes', 'neighbours', 'sockets'] as const;

export async function inspectHosts(hosts: Iterable<LiveHost>): Promise<HostInspection[]> {
  return Promise.all([...hosts].map(inspectHost));
}

async function inspectHost(host: LiveHost): Promise<HostInspection> {
  const found: HostInspection = { name: host.name, lacking: [] };
  const { program } = host.plan;
  if (program && host.program) found.program = { what: programName(program), ...stateOf(host) };
  for (const part of ASKED) {
    try {
      Object.assign(found, { [part]: await host.agent[part]() });
    } catch (error) {
      found.lacking.push(`${part}: ${(error as Error).message}`);
    }
  }
  return found;
}

function stateOf({ ended, paused }: LiveHost): Omit<NonNullable<HostInspection['program']>, 'what'> {
  if (ended) return { state: 'ended', ...ended };
  return { state: paused ? 'paused' : 'running' };
}

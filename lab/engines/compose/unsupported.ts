/** The parts of a plan that a compose file can never have. */
import { posix } from 'node:path';
import { LabError } from '../../errors.ts';
import type { Plan, PlannedHost } from '../../model/planned.ts';
import { type Engine, type Feature, ONE_MACHINE } from '../engine.ts';
import { agentService, SERVICES_OF_THE_FILE } from './services.ts';
import { fileFolders } from './volumes.ts';

export const NEVER: Engine['never'] = {
  signals: 'Docker Compose starts and ends the programs, and nothing inside a lab may reach Docker',
  changes: 'a compose file is brought up as a whole',
  disks: 'a compose file gives a host no disk with a size of its own',
  machines: ONE_MACHINE,
};

export function never(feature: Feature): LabError {
  return new LabError('unsupported', `the engine compose cannot do this: ${NEVER[feature]}`, {
    hint: 'run it on another engine (lanlab engines)',
  });
}

/** No volume may lie over these folders: an agent needs their content. */
const NEEDED = ['/', '/bin', '/dev', '/etc', '/lib', '/lib64', '/proc', '/root', '/run', '/sbin', '/sys'];

export function unsupported(plan: Plan): string[] {
  return [...namesTwice(plan), ...plan.hosts.flatMap(files), ...plan.hosts.flatMap(words)];
}

/** Hosts, their agents and our own services share one table of names. */
function namesTwice({ hosts }: Plan): string[] {
  const taken = [...SERVICES_OF_THE_FILE, ...hosts.map(({ name }) => agentService(name))];
  return hosts
    .filter(({ name }) => taken.includes(name))
    .map(({ name }) => `host ${name}: a service of the compose file already has this name, choose another`);
}

function files(host: PlannedHost): string[] {
  if (!host.program) return [];
  return fileFolders(host)
    .filter((folder) => NEEDED.includes(folder) || inside(folder, '/usr'))
    .map((folder) => {
      const example = posix.join('/srv', host.name);
      return `host ${host.name}: files right in ${folder} cannot be shared with its program, put them in a folder of their own (${example})`;
    });
}

/** The events of our own programs are on a volume. The output of others is in Docker's log, out of reach. */
function words({ name, program, ready }: PlannedHost): string[] {
  if (ready?.log === undefined || program?.kind === 'service') return [];
  return [`host ${name}: what its program prints cannot be heard inside a lab, use \`ready: { tcp: PORT }\``];
}

/** Only the program needs `/usr/share/nginx/html`; the agent needs `/usr/lib`. */
function inside(folder: string, top: string): boolean {
  return folder === top || (posix.dirname(folder) === top && folder !== `${top}/share`);
}

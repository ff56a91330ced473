/** `--machines a=ssh://user@a,b=ssh://user@b`: nodes that a user lists, each with the endpoint of its Docker Engine. */
import Docker from 'dockerode';
import { LabError } from '../../errors.ts';
import { OLDEST_API } from '../containers/connection.ts';

export interface Machine {
  name: string;
  docker: Docker;
  /** The path at which its engine listens on the machine. */
  socket: string;
  /** The host of the endpoint; absent for a socket of this machine. */
  address?: string;
}

const SOCKET = '/var/run/docker.sock';

const FORMS =
  'write NAME=ENDPOINT for each, with commas: a=ssh://user@a,b=tcp://10.0.0.2:2375,c=unix:///run/docker.sock';

/** A machine, and its endpoint as the user wrote it. */
export type Listed = Machine & { endpoint: string };

/** Throws LabError (`usage`). */
export function machinesOf(text: string): Listed[] {
  const machines = text.split(',').map(machineOf);
  const names = machines.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw wrong(`two machines are called ${twice}`, 'give each a name of its own');
  if (machines.length < 2)
    throw wrong(`${text} is one machine`, `a lab over several machines needs two: ${FORMS}`);
  return machines;
}

function machineOf(text: string): Listed {
  const [, name, endpoint] = /^\s*([a-z][a-z0-9-]*)=(\S+)\s*$/.exec(text) ?? [];
  if (name === undefined || endpoint === undefined) throw wrong(`\`${text}\` is not a machine`, FORMS);
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const version = `v${OLDEST_API}`;
  switch (url?.protocol) {
    case 'unix:':
      return {
        name,
        endpoint,
        docker: new Docker({ socketPath: url.pathname, version }),
        socket: url.pathname,
      };
    case 'tcp:':
    case 'http:':
      return {
        name,
        endpoint,
        docker: new Docker({ protocol: 'http', host: url.hostname, port: url.port || 2375, version }),
        socket: SOCKET,
        address: url.hostname,
      };
    case 'ssh:':
      return {
        name,
        endpoint,
        docker: new Docker({
          protocol: 'ssh',
          host: url.hostname,
          port: url.port || 22,
          username: url.username || undefined,
          sshOptions: { agent: process.env.SSH_AUTH_SOCK },
          version,
        } as Docker.DockerOptions),
        socket: SOCKET,
        address: url.hostname,
      };
    default:
      throw wrong(`\`${endpoint}\` is not an endpoint of a Docker Engine`, FORMS);
  }
}

function wrong(message: string, hint: string): LabError {
  return new LabError('usage', message, { hint });
}

/** The services that are not hosts, in a compose file that stands alone: they set hosts up and do the steps. Pure. */
import { posix } from 'node:path';
import type { Plan } from '../../model/planned.ts';
import {
  agentService,
  EVENTS_AT,
  literal,
  mount,
  SOCKETS_AT,
  type Sources,
  type Yaml,
  type YamlMap,
} from './services.ts';

/** In memory, for any user, gone with the last container that has it. When it is full, the program that writes fails. */
export const TEMPORARY: YamlMap = {
  driver_opts: { type: 'tmpfs', device: 'tmpfs', o: 'mode=1777,size=256m' },
};

const BASE_IMAGE = '$' + '{BASE_IMAGE:-node:24-bookworm-slim}';

/** Images built from the sources of lanlab at `root`, as seen from where the file will be. */
export function standing(root: string): Sources {
  const from = (folder: string, dockerfile: string): YamlMap => {
    const context = here(posix.join(root, folder));
    return { build: { context, dockerfile, args: { BASE_IMAGE } } };
  };
  return {
    agent: from('lab/agent', 'Dockerfile'),
    service: (name) => from('services', `${name}/Dockerfile`),
    built: ({ folder, dockerfile }) => ({
      build: { context: literal(here(folder)), dockerfile: literal(dockerfile), args: { BASE_IMAGE } },
    }),
    lab: from('.', 'lab/Dockerfile'),
    sockets: 'agents',
    events: 'events',
  };
}

/** A path that Compose takes for a path and not for a name. */
export function here(path: string): string {
  return /^\.{0,2}(\/|$)/.test(path) || path === '.' || path === '..' ? path : `./${path}`;
}

/** The working folder of the image. */
const HOME = '/lanlab';

/** The path of the scenario inside, from that folder: if possible the path outside, so that messages about it fit both. */
function insideAt(scenario: string): string {
  const path = posix.normalize(scenario);
  return /^(\.\.)?\//.test(path) ? `scenarios/${posix.basename(path)}` : path;
}

const READY = '/tmp/set-up';
const SET_UP = `node lab/cli/main.ts set-up "$1" && touch ${READY} && exec sleep infinity`;
const HOSTS = 'echo "$1"; exec sleep infinity';

/** `set-up`, `lab`, and in a profile of its own `hosts`. */
export function labServices(scenario: string, plan: Plan, template: YamlMap): YamlMap {
  const file = insideAt(scenario);
  const programs = plan.hosts.filter(({ program }) => program).map(({ name }) => name);
  const agents = plan.hosts.map(({ name }) => agentService(name));
  const configs = () => [{ source: 'scenario', target: literal(`${HOME}/${file}`) }];
  const up = { 'set-up': { condition: 'service_healthy' }, ...started(programs) };
  return {
    'set-up': {
      '<<': template,
      configs: configs(),
      entrypoint: ['sh', '-c', literal(SET_UP), 'sh'],
      command: [literal(file)],
      depends_on: started(agents),
      healthcheck: healthy(READY),
    },
    lab: {
      '<<': template,
      configs: configs(),
      command: ['run', '--engine', 'compose', literal(file)],
      depends_on: structuredClone(up),
    },
    hosts: {
      '<<': template,
      profiles: ['hosts'],
      entrypoint: ['sh', '-c', literal(HOSTS), 'sh'],
      command: [literal(`The hosts are up. docker compose exec ${agents[0]} sh`)],
      depends_on: structuredClone(up),
    },
  };
}

/** No rights, no network, no access to Docker: these services have only the agents' sockets and the programs' events. */
export function labTemplate(sources: Sources): YamlMap {
  return {
    ...sources.lab,
    // Without it, a signal that comes before Node has started would be lost on process 1.
    init: true,
    network_mode: 'none',
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    environment: { LANLAB_SOCKETS: SOCKETS_AT, LANLAB_EVENTS: EVENTS_AT },
    volumes: [mount(sources.sockets, SOCKETS_AT), mount(sources.events!, EVENTS_AT)],
  };
}

function started(services: readonly string[]): { [service: string]: Yaml } {
  return Object.fromEntries(services.map((service) => [service, { condition: 'service_started' }]));
}

/** The file is looked for ten times a second until it is there, then left alone. */
function healthy(file: string): YamlMap {
  return {
    test: ['CMD', 'test', '-e', file],
    start_period: '2m',
    start_interval: '100ms',
    interval: '1h',
    retries: 1,
  };
}

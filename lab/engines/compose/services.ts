/** The services of a compose file: an agent and perhaps a program for each host, and those that do the steps. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { PlannedHost } from '../../model/planned.ts';
import type { Build, Program } from '../../model/types.ts';
import { toldAddress } from '../bridge-options.ts';
import { fileVolumes } from './volumes.ts';

export type Yaml = string | number | boolean | Yaml[] | { [key: string]: Yaml };
export type YamlMap = { [key: string]: Yaml };

/** The parts that differ between a file that stands alone and one for the time of a lab. */
export interface Sources {
  /** `image:` or `build:` of the agents, and of each of our own programs. */
  agent: YamlMap;
  service(name: string): YamlMap;
  /** The same for an image that the scenario builds; `name` is what messages call it. */
  built(build: Build, name: string): YamlMap;
  /** `image:` or `build:` of the service that does the steps; absent where they are done outside. */
  lab?: YamlMap;
  /** The volume or folder with the agents' sockets. */
  sockets: string;
  /** The volume for the programs' events; absent where the events are read from the programs' output. */
  events?: string;
  labels?(host?: string): Record<string, string>;
}

export const SOCKETS_AT = '/run/lanlab';
export const EVENTS_AT = '/run/events';
export const SERVICES_OF_THE_FILE = ['lab', 'set-up', 'hosts'];

export function agentService(host: string): string {
  return `${host}-agent`;
}

/** In a compose file `$` begins a variable. */
export function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** A host: it owns the network stack. `template` holds what all agents have in common. */
export function agentOf(host: PlannedHost, template: YamlMap, sources: Sources): YamlMap {
  const files = fileVolumes(host).map(({ volume, folder }) => mount(volume, folder, true));
  return {
    '<<': template,
    hostname: host.name,
    ...labelled(sources, host.name),
    command: ['--listen', `${SOCKETS_AT}/${host.name}.sock`],
    networks: Object.fromEntries(
      host.interfaces.map((card) => {
        const told = toldAddress(card);
        return [card.network, { ...(told && { ipv4_address: told }), mac_address: card.mac }];
      }),
    ),
    ...(!isDeepStrictEqual(sysctlsOf(host), template.sysctls) && { sysctls: sysctlsOf(host) }),
    volumes: [socketsMount(sources.sockets), ...files],
  };
}

/** The part that all agents have in common, with the sysctls that most of them have. */
export function agentTemplate(hosts: readonly PlannedHost[], sources: Sources): YamlMap {
  const alike = [...Map.groupBy(hosts.map(sysctlsOf), (sysctls) => JSON.stringify(sysctls)).values()];
  const [most] = alike.toSorted((one, other) => other.length - one.length);
  return {
    ...sources.agent,
    cap_add: ['NET_ADMIN', 'NET_RAW'],
    ...(most && { sysctls: most[0]! }),
    healthcheck: unprobed(),
  };
}

/** Docker sets them when it makes the container: /proc/sys is read-only inside. */
function sysctlsOf({ sysctls }: PlannedHost): YamlMap {
  return Object.fromEntries(Object.entries(sysctls).filter(([name]) => name.startsWith('net.')));
}

/** Our own programs need no rights at all. They are not process 1, which would not hear a signal that comes early. */
export function programTemplate(): YamlMap {
  return { init: true, read_only: true, ...noRights(), healthcheck: unprobed() };
}

/** A program that moves in with its agent. `ready` is the service whose health says that the hosts are set up. */
export function programOf(
  host: PlannedHost,
  program: Program,
  template: YamlMap,
  sources: Sources,
  ready?: string,
): YamlMap {
  const agent = agentService(host.name);
  const { environment, volumes } = recorded(host, program, sources);
  return {
    ...(program.kind === 'service' ? { '<<': template } : { ...rights(program), healthcheck: unprobed() }),
    ...image(program, sources),
    ...labelled(sources, host.name),
    network_mode: `service:${agent}`,
    depends_on: {
      [agent]: { condition: 'service_started' },
      ...(ready && { [ready]: { condition: 'service_healthy' } }),
    },
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(volumes.length > 0 && { volumes }),
  };
}

/** The environment and the volumes of a program, with the place for its events. */
function recorded(host: PlannedHost, program: Program, { events }: Sources) {
  const volumes = fileVolumes(host).map(({ volume, folder }) => mount(volume, folder));
  const environment = Object.fromEntries(
    Object.entries(program.env).map(([name, value]) => [name, literal(value)]),
  );
  if (program.kind !== 'service' || events === undefined) return { environment, volumes };
  const EVENTS_FILE = `${EVENTS_AT}/${host.name}`;
  return { environment: { ...environment, EVENTS_FILE }, volumes: [...volumes, mount(events, EVENTS_AT)] };
}

/** A probe of the image's own would speak on the host's network stack, and nobody asked it to. */
function unprobed(): YamlMap {
  return { disable: true };
}

function noRights(): YamlMap {
  return { cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };
}

function image(program: Program, sources: Sources): YamlMap {
  if (program.kind === 'service') return sources.service(program.service);
  const own = foreign(program, sources);
  return program.kind === 'image' ? own : { ...own, ...commandLine(program.argv) };
}

function foreign({ image, build }: Exclude<Program, { kind: 'service' }>, sources: Sources): YamlMap {
  if (image === undefined) return structuredClone(sources.agent);
  return build ? sources.built(build, image) : { image: literal(image) };
}

/** A host whose command is finished idles: a container that ends would end the whole run. */
const IDLE = '"$@"; echo "ended with exit code $?; its host stays" >&2; exec sleep infinity';

function commandLine(argv: readonly string[]): YamlMap {
  return { entrypoint: ['sh', '-c', literal(IDLE), 'sh'], command: argv.map(literal), init: true };
}

/** As the engine `docker` has it: somebody else's image runs as it does everywhere. */
function rights(program: Program): YamlMap {
  if (program.kind === 'command' && program.image === undefined)
    return { ...noRights(), user: '65534:65534', working_dir: '/tmp' };
  return { security_opt: ['no-new-privileges:true'] };
}

/**
 * The folder must exist. Otherwise the engine would make it again when its lab has been killed and swept, and nobody would
 * know whose it is.
 */
function socketsMount(sockets: string): Yaml {
  if (!sockets.startsWith('/')) return mount(sockets, SOCKETS_AT);
  const source = literal(sockets);
  return { type: 'bind', source, target: SOCKETS_AT, bind: { create_host_path: false } };
}

/** `bare`: nothing of the image's own folder is copied onto the volume first; that is for the program's image to do. */
export function mount(source: string, target: string, bare = false): string {
  return literal(`${source}:${target}${bare ? ':nocopy' : ''}`);
}

function labelled({ labels }: Sources, host?: string): YamlMap {
  return labels ? { labels: labels(host) } : {};
}
